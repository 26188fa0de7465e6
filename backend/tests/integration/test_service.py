"""Over HTTP: a file in, stages as they happen, a verdict with evidence out."""

import json
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest

from assay.branches import branches
from assay.evidence import FEATURES
from assay.fusion import MODALITIES
from assay.jobs.tracking import STAGE_NAMES
from tests.serving import Event, finished, read_events, until, upload
from tests.signed_media import ISSUER, created, signed

FINAL = {"done", "skipped", "failed"}


def report_on(client: httpx.Client, path: Path, *, full: bool = True) -> dict[str, Any]:
    """The full evidence on a file."""
    analysis_id = upload(client, path.read_bytes(), path.name, params={"full": full})
    status = finished(client, analysis_id)
    assert status["status"] == "complete", status["error"]
    report: dict[str, Any] = client.get(status["links"]["report"]).json()
    return report


def events(client: httpx.Client, analysis_id: str, last: int = 0) -> list[Event]:
    headers = {"Last-Event-ID": str(last)}
    with client.stream("GET", f"/events/{analysis_id}", headers=headers) as answer:
        return list(read_events(answer))


def present(report: dict[str, Any]) -> set[str]:
    """Modalities with features."""
    given = {name for name, value in report["features"].items() if value is not None}
    found = {name for name, features in MODALITIES.items() if given >= set(features)}
    assert given == {feature for name in found for feature in MODALITIES[name]}
    return found


def test_the_sequence_of_the_contract(client: httpx.Client, media_folder: Path) -> None:
    with (media_folder / "talking.mp4").open("rb") as file:
        answer = client.post("/analyze", files={"file": file})
    assert answer.status_code == 202
    submitted = answer.json()
    analysis_id = submitted["analysisId"]
    assert answer.headers["Location"] == f"/status/{analysis_id}"
    assert (submitted["status"], submitted["stageName"]) == ("processing", "Queued")

    seen = [submitted]

    def is_over() -> bool:
        seen.append(client.get(answer.headers["Location"]).json())
        return seen[-1]["status"] != "processing"

    until(is_over)
    names = [STAGE_NAMES.index(status["stageName"]) for status in seen]
    percents = [status["percent"] for status in seen]
    assert names == sorted(names)
    assert percents == sorted(percents)
    last = seen[-1]
    assert (last["status"], last["percent"]) == ("complete", 100)
    assert last["stageName"] == "Final classification"
    assert last["result"]["verdict"] in {"Deepfake", "Authentic", "Inconclusive"}
    assert 0 <= last["result"]["confidence"] <= 100
    assert 0 < last["result"]["probability"] < 1
    assert last["error"] is None


def test_events_tell_every_stage_and_resume(client: httpx.Client, media_folder: Path) -> None:
    content = (media_folder / "talking.mp4").read_bytes()
    analysis_id = upload(client, content, params={"full": True})
    with client.stream("GET", f"/events/{analysis_id}") as answer:
        cut_off = list(islice(read_events(answer), 6))
    told = [*cut_off, *events(client, analysis_id, last=cut_off[-1][0])]

    assert told == events(client, analysis_id)
    assert [seq for seq, _, _ in told] == list(range(1, len(told) + 1))
    assert [told[0][1], told[-1][1]] == ["queued", "end"]
    stages = [data for _, kind, data in told if kind == "stage"]
    assert {data["stageName"] for data in stages} == set(STAGE_NAMES[1:])
    ended = [data["stage"] for data in stages if data["state"] in FINAL]
    graph = client.get("/stages").json()
    assert sorted(ended) == sorted(stage["name"] for stage in graph)
    for stage in graph:
        assert all(ended.index(need) < ended.index(stage["name"]) for need in stage["needs"])


def test_a_talking_head_is_judged_by_all_branches(client: httpx.Client, media_folder: Path) -> None:
    report = report_on(client, media_folder / "talking.mp4")
    assert list(report["features"]) == list(FEATURES)
    assert present(report) == set(MODALITIES)
    assert set(report["branches"]) == {branch.name for branch in branches()}
    assert all(branch["state"] == "done" for branch in report["branches"].values())
    assert all(branch["sentence"] for branch in report["branches"].values())
    assert any(person["faces"] for person in report["persons"])
    assert not report["earlyExit"]
    # All together, or one modality against the rest: the voice is a synthesiser's.
    alone = {"voice": {"audio"}, "lips": {"sync"}}
    decided = set(report["fusion"]["head"].split("+"))
    assert decided == alone.get(report["decidedBy"], set(MODALITIES))
    assert [one["modality"] for one in report["modalities"]] == ["picture", "voice", "lips"]


def weighs(head: str, report: dict[str, Any]) -> int:
    """How many of the modalities that a report has a head weighs; none if it wants others too."""
    wanted = set(head.split("+"))
    return len(wanted) if wanted <= present(report) else 0


def test_the_report_names_every_file_that_judged_and_no_other(
    client: httpx.Client, media_folder: Path
) -> None:
    installed = {model["name"]: model for model in client.get("/models").json()}
    heads = installed["fusion"]["parameters"]["heads"]
    for name in ("talking.mp4", "voice.wav"):
        report = report_on(client, media_folder / name)
        asked = {"vad"} | ({"blazeface", "photograph"} if report["media"]["video"] else set())
        for branch in report["branches"].values():
            asked |= set(branch["models"]) if branch["state"] == "done" else set()
        files = {(model, installed[model]["serve"]) for model in asked}
        files |= {("visual_effnet", "usual.npz")} if "visual_effnet" in asked else set()
        whole = max(heads, key=lambda head: weighs(head, report))
        alone = [one["head"] for one in report["modalities"]]
        files |= {("fusion", heads[head]["file"]) for head in (whole, *alone)}
        assert report["models"] == {
            f"{model}/{file}": installed[model]["files"][file] for model, file in sorted(files)
        }
        assert list(report["models"]) == sorted(report["models"])


def test_evidence_can_be_looked_at(client: httpx.Client, media_folder: Path) -> None:
    content = (media_folder / "talking.mp4").read_bytes()
    status = finished(client, upload(client, content, params={"full": True}))
    report = client.get(status["links"]["report"]).json()
    faces = report["persons"][0]["faces"]
    pictured = [face for face in faces if face["crop"]]
    assert pictured
    for face in pictured:
        crop = _picture(client, status, face["crop"])
        heatmap = _picture(client, status, face["heatmap"])
        assert crop.shape == (224, 224, 3)
        assert heatmap.shape == (224, 224, 4)
    sound = json.loads(client.get(f"{status['links']['report']}/{report['waveform']}").content)
    assert sum(span["end"] - span["start"] for span in sound["spans"]) == pytest.approx(3, abs=0.2)
    played = client.get(status["links"]["media"])
    assert played.content == content


def _picture(client: httpx.Client, status: dict[str, Any], name: str) -> Any:
    answer = client.get(f"{status['links']['report']}/{name}")
    assert answer.status_code == 200
    return cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_UNCHANGED)


@pytest.mark.parametrize(
    ("name", "modalities", "reasons"),
    [
        ("silent.mp4", {"tiny", "visual", "temporal"}, set()),
        ("still.jpg", {"tiny", "visual"}, set()),
        ("voice.wav", {"audio"}, {"single_modality"}),
    ],
)
def test_what_is_absent_is_null_and_selects_another_head(
    client: httpx.Client,
    media_folder: Path,
    name: str,
    modalities: set[str],
    reasons: set[str],
) -> None:
    report = report_on(client, media_folder / name)
    assert present(report) == modalities
    assert set(report["fusion"]["head"].split("+")) <= modalities
    assert set(report["reasons"]) >= reasons
    for branch in report["branches"].values():
        assert (branch["state"] == "not_applicable") == (branch["score"] is None)
        assert branch["score"] is not None or branch["reason"]


def test_sound_alone_is_not_blamed_for_lacking_faces(
    client: httpx.Client, media_folder: Path
) -> None:
    branches = report_on(client, media_folder / "voice.wav")["branches"]
    reasons = {name: branch["reason"] for name, branch in branches.items() if branch["reason"]}
    names = ("gate", "visual", "temporal", "av_sync")
    assert [reasons[name] for name in names] == ["The media has no picture."] * 4
    assert "audio" not in reasons


def test_content_credentials_are_told_and_change_no_score(
    client: httpx.Client, media_folder: Path, tmp_path: Path
) -> None:
    plain = media_folder / "still.jpg"
    marked = tmp_path / "marked.jpg"
    manifest = created("trainedAlgorithmicMedia")
    marked.write_bytes(signed(plain.read_bytes(), "image/jpeg", manifest))
    without, carrying = report_on(client, plain), report_on(client, marked)
    assert without["hints"]["credentials"]["state"] == "absent"
    told = carrying["hints"]["credentials"]
    assert (told["state"], told["issuer"]) == ("intact", ISSUER)
    assert told["sourceTypes"] == ["trainedAlgorithmicMedia"]
    for judged in ("verdict", "probability", "confidence", "features", "fusion", "reasons"):
        assert carrying[judged] == without[judged]


def test_the_same_bytes_are_answered_at_once(client: httpx.Client, media_folder: Path) -> None:
    path = media_folder / "voice.wav"
    first = report_on(client, path, full=False)
    again = client.post("/analyze", files={"file": ("other name.wav", path.read_bytes())}).json()
    assert (again["status"], again["cached"]) == ("complete", True)
    assert client.get(again["links"]["report"]).json() == first
