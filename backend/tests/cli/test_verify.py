"""`assay verify`: from a running service to a report that is checked elsewhere."""

import json
from hashlib import sha256
from pathlib import Path

import httpx
from typer.testing import CliRunner

from assay.cli import app
from assay.jobs.supervisor import Supervisor
from assay.signing import Signer
from tests.jobs import scripted
from tests.jobs.scripted import media
from tests.serving import PATIENCE, finished, serving, settings_for, upload


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["verify", *map(str, words)])
    return result.exit_code, result.output


def test_a_report_of_the_service_is_verified_and_a_changed_one_is_not(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    files = [tmp_path / name for name in ("report.json", "signature.json", "key.pem")]
    report, signature, key = files
    with (
        serving(settings, Supervisor(settings, scripted.load)) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as client,
    ):
        endless = upload(client, media(ticks=10_000, delay=0.1))
        assert client.get(f"/report/{endless}/signature").status_code == 409
        client.post(f"/cancel/{endless}")
        analysis_id = upload(client, media())
        finished(client, analysis_id)
        report.write_bytes(client.get(f"/report/{analysis_id}").content)
        signature.write_bytes(client.get(f"/report/{analysis_id}/signature").content)
        key.write_bytes(client.get("/signing-key").content)
    assert run(*files[:2], "--key", key) == (0, "The report is as it was signed.\n")
    report.write_bytes(report.read_bytes().replace(b"Authentic", b"Deepfake"))
    status, said = run(*files[:2], "--key", key)
    assert (status, "changed" in said) == (1, True)


def test_the_file_that_was_judged_is_told_from_another(tmp_path: Path) -> None:
    signer = Signer(tmp_path)
    judged, other = tmp_path / "judged", tmp_path / "other"
    judged.write_bytes(b"judged")
    other.write_bytes(b"other")
    content = json.dumps({"media": {"sha256": sha256(b"judged").hexdigest()}}).encode()
    names = ("report", "signature", "key")
    signed = signer.sign(content).model_dump_json(by_alias=True).encode()
    for name, written in zip(names, (content, signed, signer.public_pem), strict=True):
        (tmp_path / name).write_bytes(written)
    files = [tmp_path / "report", tmp_path / "signature", "--key", tmp_path / "key"]
    assert run(*files, "--media", judged)[0] == 0
    status, said = run(*files, "--media", other)
    assert (status, "another file" in said) == (1, True)
    status, said = run(*files, "--media", tmp_path / "nowhere")
    assert (status, "cannot be read" in said) == (1, True)
