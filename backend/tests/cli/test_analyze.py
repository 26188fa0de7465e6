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

from assay.cli import app, say_report
from assay.evidence import FEATURES, Modality, ModalityVerdict, Reliability, Verdict
from assay.jobs.process import AnalysisProcess
from assay.settings import get_settings
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
        "modalities",
        "decidedBy",
        "reliability",
        "features",
        "branches",
        "stages",
        "warnings",
    ]
    assert line["file"] == str(tmp_path / "a.png")
    assert (line["verdict"], line["confidence"], line["probability"]) == ("Authentic", 80.0, 0.2)
    assert line["features"] == dict.fromkeys(FEATURES)
    assert line["stages"] == [{"stage": "visual", "state": "done", "ms": 2.0}]


def test_a_range_that_is_none_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    for options in (["--start", "3", "--end", "3"], ["--end", "0"], ["--start", "nan"]):
        result = run(*options, write(tmp_path / "a.png"))
        assert result.exit_code == 2
        assert "--end" in result.output or "--start" in result.output


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


def test_what_cannot_be_looked_at_does_not_end_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pathlib's own questions raise there, in Python 3.11; as root nothing else would."""
    real = os.stat

    def stat(path: Any, **options: Any) -> os.stat_result:
        if "closed" in str(path):
            raise PermissionError(13, "Permission denied")
        return real(path, **options)

    good = write(tmp_path / "good.png")
    monkeypatch.setattr(os, "stat", stat)
    result = run("--json", tmp_path / "closed" / "a.png", tmp_path / ("n" * 300), good)
    assert result.exit_code == 1
    told = [line.get("error", {}).get("code") for line in lines(result)]
    assert told == ["missing_file", "missing_file", None]


def test_a_file_of_a_folder_that_may_not_be_read_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def refuse(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "closed.png":
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **options)

    write(tmp_path / "closed.png")
    write(tmp_path / "good.png")
    monkeypatch.setattr(Path, "open", refuse)
    result = run("--json", tmp_path)
    assert result.exit_code == 1
    closed, good = lines(result)
    assert closed["error"] == {"code": "missing_file", "message": "This file may not be read."}
    assert good["verdict"] == "Authentic"


def test_what_nobody_foresaw_is_an_error_of_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(AnalysisProcess, "analyse", fail)
    result = run("--json", write(tmp_path / "a.png"), write(tmp_path / "b.png"))
    assert result.exit_code == 1
    assert [line["error"]["code"] for line in lines(result)] == ["internal", "internal"]


def test_a_pipe_is_not_said_to_be_missing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = run(tmp_path / "pipe", tmp_path / "missing")
    assert "pipe: This is not a regular file." in result.stderr
    assert "missing: There is no such file." in result.stderr


def test_a_folder_without_media_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    result = run(tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path}: There is no video, picture or sound in this folder." in result.stderr


@pytest.mark.parametrize("command", [["analyze", "a.png"], ["models"], ["serve"], ["worker"]])
def test_a_setting_that_makes_no_sense_is_named_in_one_line(command: list[str]) -> None:
    get_settings.cache_clear()
    result = CliRunner().invoke(app, command, env={"ASSAY_THREADS": "abc"})
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("ASSAY_THREADS: Input should be a valid integer")


def test_what_decoders_print_stays_out_of_the_lines(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    result = run("--json", write(tmp_path / "a.png", noise="noise from a library\n"))
    assert len(lines(result)) == 1
    out, err = capfd.readouterr()
    assert "noise" not in out
    assert "noise" in err


def test_each_modality_is_told_in_the_words_of_the_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    voice = ModalityVerdict(
        modality=Modality.VOICE,
        verdict=Verdict.AUTHENTIC,
        probability=0.1,
        head="audio",
        authentic_below=0.3,
        deepfake_above=0.7,
        decisive_above=0.9,
    )
    report = scripted.report().model_copy(update={"modalities": [voice]})

    say_report(Path("a.mp4"), report, as_json=False)

    told = capsys.readouterr().out.splitlines()
    assert "a.mp4: No forgery found (probability of a forgery 20 %)" in told
    assert "  voice alone: No forgery found (probability of a forgery 10 %)" in told


def test_people_get_sentences(tmp_path: Path) -> None:
    good = write(tmp_path / "good.png")
    bad = write(tmp_path / "evil\x1b[2J.png", error="no_frames")
    result = run(good, bad)
    assert result.exit_code == 1
    assert f"{good}: No forgery found (probability of a forgery 20 %)" in result.stdout
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
        "import assay.stages; assay.stages.stages = lambda: scripted.GRAPH;"
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


def test_how_often_such_a_verdict_was_right_is_told_where_it_is_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = Reliability(right=0.97, of=412, sources=23)
    report = scripted.report()
    say_report(Path("a.png"), report, as_json=False)
    assert "were right" not in capsys.readouterr().out
    say_report(Path("a.png"), report.model_copy(update={"reliability": known}), as_json=False)
    assert "97 % of 412 such verdicts were right, on media of 23 sources" in capsys.readouterr().out
