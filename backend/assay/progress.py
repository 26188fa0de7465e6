"""Stages as they run: events for the people who watch, timings for the report."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from assay.errors import AssayError
from assay.evidence import StageEvent, StageState, StageTiming

Emit = Callable[[StageEvent], None]
ShouldContinue = Callable[[], bool]


class RunningStage:
    """A stage at work: reports percent, and carries its small result in `detail`."""

    def __init__(self, name: str, emit: Emit, should_continue: ShouldContinue) -> None:
        self.detail: dict[str, Any] = {}
        self.skipped: str | None = None
        self._name, self._emit, self._should_continue = name, emit, should_continue

    def on_progress(self, percent: float) -> None:
        """Report progress.

        Raises:
            AssayError: `cancelled`, when nobody wants the answer any more.
        """
        if not self._should_continue():
            raise AssayError("cancelled", "The analysis was cancelled.")
        self._emit(StageEvent(stage=self._name, state=StageState.RUNNING, percent=percent))

    def skip(self, reason: str) -> None:
        """Let the stage end as skipped: it found that there is nothing for it to do."""
        self.skipped = reason


class Progress:
    """Turns what the stages do into events and timings. Safe to use from several threads."""

    def __init__(self, emit: Emit, should_continue: ShouldContinue) -> None:
        self.timings: list[StageTiming] = []
        self._emit, self._should_continue = emit, should_continue

    @contextmanager
    def stage(self, name: str) -> Iterator[RunningStage]:
        """Announce a stage, time it, and announce how it ended."""
        stage = RunningStage(name, self._emit, self._should_continue)
        started = time.perf_counter()
        try:
            stage.on_progress(0)
            yield stage
        except BaseException as error:
            told = error.message if isinstance(error, AssayError) else "An internal error."
            self._end(name, StageState.FAILED, started, reason=told)
            raise
        state = StageState.DONE if stage.skipped is None else StageState.SKIPPED
        self._end(name, state, started, reason=stage.skipped, detail=stage.detail)

    def spare(self, name: str, reason: str) -> None:
        """Announce that the early exit makes a stage unnecessary, and why."""
        self._end(name, StageState.SKIPPED, time.perf_counter(), reason=reason, spared=True)

    def _end(self, name: str, state: StageState, started: float, **more: Any) -> None:
        ms = 1000 * (time.perf_counter() - started)
        self.timings.append(StageTiming(stage=name, state=state, ms=ms))
        self._emit(StageEvent(stage=name, state=state, percent=100, ms=ms, **more))
