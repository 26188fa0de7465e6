"""`assay analyze` as a command, on a folder of real media."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from assay.evidence import FEATURES


def analyze(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).parent / "assay"), "analyze", "--json", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def lines(done: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_folder_is_judged(media_folder: Path) -> None:
    done = analyze(media_folder, ".", "--full")
    assert done.returncode == 0, done.stderr
    assert [line["file"] for line in lines(done)] == [
        "silent.mp4",
        "still.jpg",
        "talking.mp4",
        "voice.wav",
    ]
    for line in lines(done):
        assert line["verdict"] in {"Deepfake", "Authentic", "Inconclusive"}
        assert list(line["features"]) == list(FEATURES)
        assert [stage["stage"] for stage in line["stages"]][-1] == "verdict"
        assert all(stage["ms"] >= 0 for stage in line["stages"])


def test_a_file_that_fails_does_not_stop_the_others(media_folder: Path) -> None:
    done = analyze(media_folder, "notes.txt", "voice.wav")
    assert done.returncode == 1
    bad, good = lines(done)
    assert bad["error"]["code"] == "not_media"
    assert good["features"]["audio_prob_fake"] is not None
    assert "Traceback" not in done.stderr


ANALYSE = """
import sys
from pathlib import Path
from assay.evidence import Asked
from assay.models.sessions import ModelStore
from assay.pipeline import analyse
from assay.settings import Settings

settings = Settings()
report = analyse(
    Path(sys.argv[1]),
    settings=settings,
    models=ModelStore(settings.models_dir, settings.threads),
    emit=lambda event: None,
    should_continue=lambda: True,
    save=lambda name, content: None,
    asked=Asked(full=True),
)
print({branch.state.value for branch in report.branches.values()})
print({name.partition(".")[0] for name in sys.modules} & {"torch", "librosa", "assay_lab", "c2pa"})
"""


def test_a_full_analysis_loads_no_training_code(media_folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ANALYSE, str(media_folder / "talking.mp4")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["{'done'}", "set()"]
