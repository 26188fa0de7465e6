"""From stage events to what people see: one percentage, one of four names, a state per stage."""

import time
from collections.abc import Callable, Iterable
from typing import Final

from pydantic import Field

from assay.evidence import Record, StageEvent, StageInfo, StageState

QUEUED: Final = "Queued"
EXTRACTING: Final = "Extracting frames"
RUNNING: Final = "Running models"
CLASSIFYING: Final = "Final classification"
STAGE_NAMES: Final = (QUEUED, EXTRACTING, RUNNING, CLASSIFYING)
"""The values of `stageName`, in order; they never change."""

# Stages that are no branch. A new branch counts as a model without being named here.
_NAMES: Final = {
    "ingest": EXTRACTING,
    "hints": EXTRACTING,
    "faces": EXTRACTING,
    "fusion": CLASSIFYING,
    "verdict": CLASSIFYING,
}
# Where all stages but one are over in seconds, that one is nearly all there is to wait for.
_WEIGHTS: Final = {"sweep": 40.0}
_FINAL: Final = (StageState.DONE, StageState.SKIPPED, StageState.FAILED)

MIN_INTERVAL: Final = 0.25
"""Seconds between two updates that say the same of a stage but for its percentage."""


class StageProgress(Record):
    """A stage as it stands. Its detail is in the events and, in the end, in the report."""

    stage: str
    title: str
    state: StageState = StageState.QUEUED
    percent: float = Field(default=0.0, ge=0.0, le=100.0)
    ms: float | None = None
    reason: str | None = None
    spared: bool = Field(default=False, description="Skipped by the early exit")


class Told(Record):
    """Base of what the event stream says. `append_event` writes the time."""

    at_ms: int = Field(
        default=0,
        ge=0,
        description="Milliseconds since the submission. In an answer from the cache, `started` and "
        "`stage` keep the times of the analysis that it comes from",
    )


class StageUpdate(StageEvent, Told):
    """A stage event, and where the whole analysis stands after it."""

    overall_percent: float = Field(ge=0.0, le=100.0)
    stage_name: str


def untouched(graph: Iterable[StageInfo]) -> list[StageProgress]:
    """The stages of an analysis that nobody has begun."""
    return [StageProgress(stage=info.name, title=info.title) for info in graph]


def untouched_again(stages: Iterable[StageProgress]) -> list[StageProgress]:
    """The same stages before a new run."""
    return [StageProgress(stage=stage.stage, title=stage.title) for stage in stages]


class Tracker:
    """Follows one run.

    The overall percentage is the mean over the stages, of equal weight but for a sweep through all
    of a file, which takes far longer than all others. It never falls: not
    within a run, and not when a run is repeated after a crash.
    """

    def __init__(
        self,
        stages: Iterable[StageProgress],
        percent: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stages = {stage.stage: stage for stage in stages}
        self._written: dict[str, tuple[StageState, float]] = {}
        self._clock = clock
        self.percent = percent
        self.stage_name = QUEUED

    @property
    def stages(self) -> list[StageProgress]:
        return list(self._stages.values())

    def apply(self, event: StageEvent) -> StageUpdate | None:
        """Take note of an event.

        Returns:
            What to tell people, or None if it would only repeat what was said a moment ago.
        """
        before = self._stages.get(event.stage) or StageProgress(
            stage=event.stage, title=event.stage
        )
        self._stages[event.stage] = before.model_copy(
            update={
                "state": event.state,
                "percent": 100.0 if event.state in _FINAL else event.percent,
                "ms": event.ms,
                "reason": event.reason,
                "spared": event.spared,
            }
        )
        self.percent = max(self.percent, self._mean())
        self.stage_name = max(self.stage_name, self._name(event), key=STAGE_NAMES.index)
        if self._repeats(event):
            return None
        self._written[event.stage] = (event.state, self._clock())
        return StageUpdate(
            **event.model_dump(), overall_percent=self.percent, stage_name=self.stage_name
        )

    def _mean(self) -> float:
        """99 at most: 100 is said when the report can be read."""
        weights = {name: _WEIGHTS.get(name, 1.0) for name in self._stages}
        done = sum(weights[name] * stage.percent for name, stage in self._stages.items())
        return min(99.0, round(done / sum(weights.values()), 1))

    def _name(self, event: StageEvent) -> str:
        """A stage counts as begun when it runs or is over, not when it is announced."""
        return QUEUED if event.state is StageState.QUEUED else _NAMES.get(event.stage, RUNNING)

    def _repeats(self, event: StageEvent) -> bool:
        state, at = self._written.get(event.stage, (None, 0.0))
        return state is event.state and self._clock() - at < MIN_INTERVAL
