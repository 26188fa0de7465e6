"""Where the time of an analysis goes: per stage, in the decoder, in the models, and elsewhere.

Stage times are those of the progress events. What the decoder and the models take is measured
around each of their calls. Everything else, colour conversion and the cepstra of the voice
included, is "outside".
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.evidence import Asked, Report, StageState
from assay.media.forensics import motion
from assay.media.io import container, probe, speech, video
from assay.models.sessions import ModelStore
from assay.pipeline import analyse
from assay.settings import Settings

READERS = (motion, probe, speech, video)
"""Modules that decode packets."""


class Clock:
    """Remembers when the decoder and the models were at work, in whichever thread."""

    def __init__(self) -> None:
        self._spans: dict[str, list[tuple[float, float]]] = {"decoding": [], "models": []}
        self._lock = threading.Lock()

    @contextmanager
    def at_work(self, what: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            with self._lock:
                self._spans[what].append((started, time.perf_counter()))

    def seconds(self, *what: str) -> float:
        """Time during which at least one of these was at work."""
        total, until = 0.0, 0.0
        for start, end in sorted(span for name in what for span in self._spans[name]):
            total += max(0.0, end - max(start, until))
            until = max(until, end)
        return total

    def reset(self) -> None:
        for spans in self._spans.values():
            spans.clear()


@dataclass(frozen=True)
class TimedSession:
    """An onnxruntime session whose runs are timed."""

    session: Any
    clock: Clock

    def run(self, *arguments: Any) -> Any:
        with self.clock.at_work("models"):
            return self.session.run(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)


class TimedStore(ModelStore):
    """The released models, timed."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        super().__init__(settings.models_dir, settings.threads)
        self._clock = clock

    def session(self, name: str) -> Any:
        return TimedSession(super().session(name), self._clock)

    def always_exit(self) -> None:
        """Lift the gate's threshold, so that the cost of an early exit can be seen on any clip."""
        gate = self.entry("tiny_ladeda")
        lifted = gate.model_copy(update={"parameters": gate.parameters | {"exit_below": 1e9}})
        models = self.manifest.models | {"tiny_ladeda": lifted}
        self.manifest = self.manifest.model_copy(update={"models": models})


@dataclass(frozen=True)
class TimedPacket:
    """A packet whose decoding is timed."""

    packet: Any
    clock: Clock

    def decode(self) -> Any:
        with self.clock.at_work("decoding"):
            return self.packet.decode()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.packet, name)


def time_decoding(clock: Clock) -> None:
    """Have all readers of packets time what they read and decode."""
    read: Callable[..., Iterator[Any]] = container.packets

    def packets(*arguments: Any) -> Iterator[TimedPacket]:
        source = read(*arguments)
        while True:
            with clock.at_work("decoding"):
                packet = next(source, None)
            if packet is None:
                return
            yield TimedPacket(packet, clock)

    for module in READERS:
        module.packets = packets  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Run:
    """One analysis. Times in milliseconds; cpu: of all threads of this process."""

    report: Report
    wall: float
    cpu: float
    decoding: float
    models: float
    both: float

    @property
    def outside(self) -> float:
        """Time in which neither decoder nor model was at work."""
        return self.wall - self.both

    def stage(self, name: str) -> float | None:
        """None if it was skipped."""
        timing = next(timing for timing in self.report.stages if timing.stage == name)
        return timing.ms if timing.state is StageState.DONE else None


def analysed(path: Path, settings: Settings, models: ModelStore, clock: Clock, full: bool) -> Run:
    """Analyse a file once."""
    clock.reset()
    started, busy = time.perf_counter(), cpu_seconds()
    report = analyse(
        path,
        settings=settings,
        models=models,
        emit=lambda event: None,
        should_continue=lambda: True,
        save=lambda name, content: None,
        asked=Asked(full=full),
    )
    return Run(
        report,
        1000 * (time.perf_counter() - started),
        1000 * (cpu_seconds() - busy),
        1000 * clock.seconds("decoding"),
        1000 * clock.seconds("models"),
        1000 * clock.seconds("decoding", "models"),
    )


def cpu_seconds() -> float:
    """Processor time of this process and of those that it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
