import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.evidence import Report, StageEvent, StageState
from assay.jobs.process import AnalysisProcess, CrashError, _memory_kills
from assay.settings import Settings
from tests.jobs import scripted
from tests.serving import has_all_models, until


@pytest.fixture(scope="module")
def process() -> Iterator[AnalysisProcess]:
    with AnalysisProcess(Settings(), scripted.load) as process:
        yield process


class Seen:
    """Collects what a run says."""

    def __init__(self) -> None:
        self.events: list[StageEvent] = []
        self.files: dict[str, bytes] = {}

    def save(self, name: str, content: bytes) -> None:
        self.files[name] = content


def run(process: AnalysisProcess, folder: Path, seen: Seen | None = None, **script: Any) -> Report:
    seen = seen or Seen()
    path = folder / "file"
    path.write_bytes(scripted.media(**script))
    return process.analyse(
        path, emit=seen.events.append, should_continue=lambda: True, save=seen.save
    )


def test_events_artefacts_and_report_arrive(process: AnalysisProcess, tmp_path: Path) -> None:
    seen = Seen()
    report = run(process, tmp_path, seen)
    assert report.verdict == "Authentic"
    assert [(event.stage, event.state) for event in seen.events] == [
        ("ingest", StageState.RUNNING),
        ("ingest", StageState.DONE),
        ("visual", StageState.RUNNING),
        ("visual", StageState.DONE),
        ("verdict", StageState.DONE),
    ]
    assert seen.files == {"crop-0-0.jpg": b"\xff\xd8\xff a crop"}


def test_errors_keep_their_code(process: AnalysisProcess, tmp_path: Path) -> None:
    with pytest.raises(AssayError) as error:
        run(process, tmp_path, error="no_frames")
    assert error.value.code == "no_frames"


def test_a_bug_is_internal_and_says_nothing_of_itself(
    process: AnalysisProcess, tmp_path: Path
) -> None:
    with pytest.raises(AssayError) as error:
        run(process, tmp_path, bug=True)
    assert error.value.code == "internal"
    assert "ZeroDivision" not in error.value.message


def test_a_crash_costs_one_analysis_and_no_more(process: AnalysisProcess, tmp_path: Path) -> None:
    with pytest.raises(CrashError):
        run(process, tmp_path, crash=True)
    assert run(process, tmp_path).verdict == "Authentic"


def test_a_fault_is_told_from_being_killed(process: AnalysisProcess, tmp_path: Path) -> None:
    with pytest.raises(CrashError) as fault:
        run(process, tmp_path, crash=True)
    assert not fault.value.was_killed
    with pytest.raises(CrashError) as killed:
        run(process, tmp_path, killed=str(tmp_path / "marks"), kills=1)
    assert killed.value.was_killed


def test_being_killed_for_want_of_memory_is_a_fault(
    process: AnalysisProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.end()
    counts = iter((4, 5))
    monkeypatch.setattr("assay.jobs.process._memory_kills", lambda: next(counts))
    with pytest.raises(CrashError, match="memory") as error:
        run(process, tmp_path, killed=str(tmp_path / "marks"), kills=1)
    assert not error.value.was_killed


def test_the_kernel_counts_those_it_kills_for_memory(tmp_path: Path) -> None:
    counters = tmp_path / "vmstat"
    assert _memory_kills(counters) == 0
    counters.write_text("oom_killer 9\noom_kill 7\n")
    assert _memory_kills(counters) == 7


def test_a_crash_leaves_no_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with AnalysisProcess(Settings(), scripted.load) as process:
        run(process, tmp_path, litter=True)
        assert len(list(scratch.rglob("litter*"))) == 1
        with pytest.raises(CrashError):
            run(process, tmp_path, crash=True)
    assert list(scratch.iterdir()) == []


def test_a_crash_leaves_no_program_running(process: AnalysisProcess, tmp_path: Path) -> None:
    program = tmp_path / "program"
    with pytest.raises(CrashError):
        run(process, tmp_path, program=str(program), crash=True)
    until(lambda: _is_gone(program.read_text()))


@pytest.fixture
def impatient(
    process: AnalysisProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AnalysisProcess:
    """The same process, which has loaded its code and from now on gives up after 3 seconds."""
    run(process, tmp_path)
    monkeypatch.setattr(process, "_settings", Settings(stall_seconds=3))
    return process


def test_a_hanging_analysis_is_given_up(
    process: AnalysisProcess,
    impatient: AnalysisProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(AssayError) as error:
        run(impatient, tmp_path, hang=True)
    assert error.value.code == "analysis_stalled"
    monkeypatch.undo()
    assert run(process, tmp_path).verdict == "Authentic"


def test_a_slow_analysis_that_shows_life_is_not(impatient: AnalysisProcess, tmp_path: Path) -> None:
    assert run(impatient, tmp_path, ticks=8, delay=0.5).verdict == "Authentic"


def test_cancelling_is_answered_by_the_analysis_itself(
    process: AnalysisProcess, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(scripted.media(ticks=1000, delay=0.05))
    events: list[StageEvent] = []
    with pytest.raises(AssayError) as error:
        process.analyse(
            path, emit=events.append, should_continue=lambda: len(events) < 3, save=lambda *_: None
        )
    assert error.value.code == "cancelled"
    child = process.start()
    assert run(process, tmp_path).verdict == "Authentic"
    assert process.start() is child, "the process was not lost over it"


def test_one_that_does_not_hear_is_killed(tmp_path: Path) -> None:
    with AnalysisProcess(Settings(), scripted.load) as process:
        path = tmp_path / "file"
        path.write_bytes(scripted.media(hang=True))
        events: list[StageEvent] = []
        with pytest.raises(AssayError) as error:
            process.analyse(
                path, emit=events.append, should_continue=lambda: not events, save=lambda *_: None
            )
        assert error.value.code == "cancelled"


def test_a_fault_of_the_listener_does_not_leave_a_run_behind(
    process: AnalysisProcess, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(scripted.media(ticks=1000, delay=0.05))

    def fail(event: StageEvent) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        process.analyse(path, emit=fail, should_continue=lambda: True, save=lambda *_: None)
    assert run(process, tmp_path).verdict == "Authentic"


def test_the_child_does_not_outlive_its_parent(tmp_path: Path) -> None:
    """Even a parent that is killed, while the child is busy."""
    path = tmp_path / "file"
    program = tmp_path / "program"
    path.write_bytes(scripted.media(ticks=1000, delay=0.05, program=str(program)))
    pids = tmp_path / "pids"
    parent = get_context("spawn").Process(target=_busy_parent, args=(path, pids))
    parent.start()
    until(lambda: program.exists() and program.read_text())
    parent.kill()
    parent.join()
    pid, scratch = pids.read_text().split()
    until(lambda: _is_gone(pid))
    until(lambda: _is_gone(program.read_text()))
    assert not Path(scratch).exists()


def _busy_parent(path: Path, pids: Path) -> None:
    with AnalysisProcess(Settings(), scripted.load) as process:
        process.start()
        pids.write_text(f"{multiprocessing.active_children()[0].pid} {process._scratch}")
        process.analyse(
            path, emit=lambda _: None, should_continue=lambda: True, save=lambda *_: None
        )


def _is_gone(pid: str) -> bool:
    """Or a zombie, whose parent has not asked for it."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.skipif(not has_all_models(), reason="models are missing")
def test_matrix_products_of_branches_do_not_fight_for_cores() -> None:
    program = (
        "from threadpoolctl import threadpool_info; from assay.settings import Settings; "
        "from assay.jobs.process import load_pipeline; load_pipeline(Settings()); "
        "print({pool['num_threads'] for pool in threadpool_info() if pool['user_api'] == 'blas'})"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert said.stdout.strip() == "{1}"
