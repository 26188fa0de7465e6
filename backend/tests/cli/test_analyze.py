"""`assay analyze`, with a scripted pipeline in a real child process."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assay.cli import app
from assay.evidence import FEATURES
from assay.jobs.process import AnalysisProcess
from tests.jobs import scripted
from tests.jobs.scripted import media


@pytest.fixture(autouse=True)
def scripted_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    process = partial(AnalysisProcess, load=scripted.load)
    monkeypatch.setattr("assay.jobs.process.AnalysisProcess", process)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["analyze", *map(str, arguments)])


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def write(path: Path, **script: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(media(**script))
    return path


def test_a_line_has_the_fields_that_programs_rely_on(tmp_path: Path) -> None:
    result = run("--json", write(tmp_path / "a.png"))
    assert result.exit_code == 0
    (line,) = lines(result)
    assert list(line) == [
        "file",
        "verdict",
        "confidence",
        "probability",
        "features",
        "branches",
        "stages",
        "warnings",
    ]
    assert line["file"] == str(tmp_path / "a.png")
    assert (line["verdict"], line["confidence"], line["probability"]) == ("Authentic", 80.0, 0.2)
    assert line["features"] == dict.fromkeys(FEATURES)
    assert line["stages"] == [{"stage": "visual", "state": "done", "ms": 2.0}]


def test_folders_are_looked_through_in_order_and_quietly(tmp_path: Path) -> None:
    write(tmp_path / "b" / "2.png")
    write(tmp_path / "b" / "1.any name")
    write(tmp_path / "a.png")
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "empty.mp4").touch()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    result = run("--json", tmp_path)
    assert result.exit_code == 0
    found = [Path(line["file"]).relative_to(tmp_path).as_posix() for line in lines(result)]
    assert found == ["a.png", "b/1.any name", "b/2.png"]


def test_a_failure_does_not_end_the_batch(tmp_path: Path) -> None:
    files = [
        write(tmp_path / "bad.png", error="no_frames"),
        write(tmp_path / "crash.png", crash=True),
        tmp_path / "missing.png",
        write(tmp_path / "bug.png", bug=True),
        write(tmp_path / "good.png"),
    ]
    os.mkfifo(tmp_path / "pipe")
    result = run("--json", *files, tmp_path / "pipe")
    assert result.exit_code == 1
    told = [line.get("error", {}).get("code") for line in lines(result)]
    assert told == [
        "no_frames",
        "analysis_crashed",
        "missing_file",
        "internal",
        None,
        "missing_file",
    ]
    error = lines(result)[0]
    assert list(error) == ["file", "error"]
    assert list(error["error"]) == ["code", "message"]


def test_what_decoders_print_stays_out_of_the_lines(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    result = run("--json", write(tmp_path / "a.png", noise="noise from a library\n"))
    assert len(lines(result)) == 1
    out, err = capfd.readouterr()
    assert "noise" not in out
    assert "noise" in err


def test_people_get_sentences(tmp_path: Path) -> None:
    good = write(tmp_path / "good.png")
    bad = write(tmp_path / "evil\x1b[2J.png", error="no_frames")
    result = run(good, bad)
    assert result.exit_code == 1
    assert f"{good}: Authentic, 80 % sure (probability of a fake 0.20)" in result.stdout
    assert "Probably authentic." in result.stdout
    assert "(no_frames)" in result.stderr
    assert "\x1b" not in result.stdout + result.stderr


def test_a_terminal_gets_a_bar(tmp_path: Path) -> None:
    """On standard error, so that the lines on standard output stay lines."""
    path = write(tmp_path / "a.png", ticks=5, delay=0.1)
    main, terminal = os.openpty()
    code = (
        "import functools, assay.jobs.process as p; from tests.jobs import scripted;"
        "p.AnalysisProcess = functools.partial(p.AnalysisProcess, load=scripted.load);"
        "import assay.pipeline; assay.pipeline.stages = lambda: scripted.GRAPH;"
        "from assay.cli import app; app()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, "analyze", "--json", str(path)],
        stdout=subprocess.PIPE,
        stderr=terminal,
        env=os.environ | {"TERM": "xterm", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    os.close(terminal)
    shown = b""
    with suppress(OSError):  # what a terminal says once nobody has it open
        while piece := os.read(main, 65536):
            shown += piece
    os.close(main)
    answer, _ = child.communicate()
    assert b"a.png" in shown
    assert b"%" in shown
    assert json.loads(answer)["verdict"] == "Authentic"


def test_help_is_quick_because_it_imports_little() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from assay.cli import app;"
        "CliRunner().invoke(app, ['--help']);"
        "heavy = {'fastapi', 'dbos', 'numpy', 'onnxruntime', 'av', 'cv2', 'sqlalchemy'};"
        "print(heavy & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("command", ["analyze", "serve", "worker", "models"])
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.stdout
