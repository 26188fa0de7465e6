"""An analysis that does what the file says: sleep, fail, crash, hang. It stands in for the
pipeline in tests of everything around it, in real processes."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.evidence import (
    FEATURES,
    Asked,
    Fused,
    MediaInfo,
    Report,
    StageEvent,
    StageInfo,
    StageState,
    StageTiming,
    Verdict,
)
from assay.jobs.process import Analyse, Save
from assay.progress import Emit, ShouldContinue
from assay.settings import Settings
from tests.fused import fused

MAGIC = b"\x89PNG\r\n\x1a\n"

GRAPH = (
    StageInfo(name="ingest", title="Ingest", description="Opens"),
    StageInfo(name="visual", title="Visual", description="Looks", needs=("ingest",)),
    StageInfo(name="verdict", title="Verdict", description="Decides", needs=("visual",)),
)


def media(**script: Any) -> bytes:
    """A file that sniffs as a picture.

    Args:
        ticks: Progress reports of the `visual` stage, default 1.
        delay: Seconds before each of them.
        error: Code of an AssayError to raise.
        bug: Raise something else.
        crash: Die by a fault; as a path: only the first time, the file remembers.
        killed: Die by SIGKILL, the first `kills` times; this file remembers.
        hang: Never answer again.
        litter: Leave a temporary file.
        program: Start another program that runs on; its process id goes into this file.
        noise: Written to standard output.
        log: A file that gets a line when the run starts and one when it ends.
        salt: Makes the content differ.
    """
    return MAGIC + json.dumps(script).encode()


def load(settings: Settings) -> Analyse:
    """What `assay.jobs.process.load_pipeline` is in earnest."""
    return analyse


def load_and_die(settings: Settings) -> Analyse:
    """A pipeline that cannot even be loaded."""
    sys.exit(1)


def analyse(
    path: Path, *, emit: Emit, should_continue: ShouldContinue, save: Save, asked: Asked
) -> Report:
    content = path.read_bytes()
    script = json.loads(content.removeprefix(MAGIC))
    _log(script, "start")
    _stage(emit, "ingest", StageState.RUNNING)
    _stage(emit, "ingest", StageState.DONE, ms=1.0, detail={"bytes": len(content)})
    _misbehave(script)
    ticks = script.get("ticks", 1)
    for on_progress in range(ticks):
        if not should_continue():
            raise AssayError("cancelled", "The analysis was cancelled.")
        time.sleep(script.get("delay", 0))
        _stage(emit, "visual", StageState.RUNNING, percent=100 * on_progress / ticks)
    save("crop-0-0.jpg", b"\xff\xd8\xff a crop")
    _stage(emit, "visual", StageState.DONE, ms=2.0)
    _stage(emit, "verdict", StageState.DONE, ms=3.0)
    _log(script, "end")
    return report(len(content), fused(0.2, "audio") if "judged" in script else None)


def report(size: int = 1, fusion: Fused | None = None) -> Report:
    """The least that a report can say."""
    return Report(
        fusion=fusion,
        verdict=Verdict.AUTHENTIC,
        confidence=80.0,
        probability=0.2,
        summary="Probably authentic.",
        early_exit=False,
        features=dict.fromkeys(FEATURES),
        branches={},
        media=MediaInfo(kind="image", container="png", size_bytes=size, sha256="0" * 64),
        stages=[StageTiming(stage="visual", state=StageState.DONE, ms=2.0)],
        version="0",
        pipeline="0+0",
    )


def _misbehave(script: dict[str, Any]) -> None:
    if "error" in script:
        raise AssayError(script["error"], "The test wants it so.")
    if "bug" in script:
        raise ZeroDivisionError
    if "program" in script:
        program = subprocess.Popen(["sleep", "600"])
        Path(script["program"]).write_text(str(program.pid))
    if "hang" in script:
        time.sleep(600)
    os.write(1, script.get("noise", "").encode())
    if "litter" in script:
        tempfile.mkstemp(prefix="litter")
    crash = script.get("crash")
    if isinstance(crash, str):
        crash = not Path(crash).exists()
        Path(script["crash"]).touch()
    if crash:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "killed" in script:
        with Path(script["killed"]).open("ab") as marks:
            marks.write(b"x")
            count = marks.tell()
        if count <= script["kills"]:
            os.kill(os.getpid(), signal.SIGKILL)


def _stage(emit: Emit, stage: str, state: StageState, **more: Any) -> None:
    emit(StageEvent(stage=stage, state=state, **more))


def _log(script: dict[str, Any], line: str) -> None:
    if "log" in script:
        with Path(script["log"]).open("a") as file:
            file.write(f"{line}\n")
