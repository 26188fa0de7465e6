"""How long a warm analysis of a 10 s 720p talking head with sound takes, and where the time goes.

`make bench`, or `python -m bench.bench --runs 11` in backend/. Stage times are those of the
progress events. What the decoder and the models take is measured around each of their calls.
Everything else, colour conversion and the cepstra of the voice included, is "outside".
"""

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from assay.errors import AssayError
from assay.evidence import Asked, Report, StageState
from assay.media.forensics import motion
from assay.media.io import container, probe, speech, video
from assay.models.sessions import ModelStore
from assay.pipeline import analyse
from assay.settings import Settings
from assay.stages import stages
from bench.large import make_large
from tests.media_factory import VOICE_RATE, has_espeak, speak, write_video

SECONDS = 10
SIZE = (1280, 720)
LARGE_RUNS = 3
TEXT = (
    "Assay answers one question about a video, a still or a voice clip. Is this a deepfake, how "
    "sure are we, and what in it says so? Nothing of this was recorded: a machine reads it."
)
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
    """One analysis. Times in milliseconds."""

    report: Report
    total: float
    decoding: float
    models: float
    both: float

    @property
    def outside(self) -> float:
        """Time in which neither decoder nor model was at work."""
        return self.total - self.both

    def stage(self, name: str) -> float | None:
        """None if it was skipped."""
        timing = next(timing for timing in self.report.stages if timing.stage == name)
        return timing.ms if timing.state is StageState.DONE else None


def measure(
    path: Path, settings: Settings, models: ModelStore, clock: Clock, *, full: bool, runs: int
) -> list[Run]:
    """Analyse a file over and over; the first time, which loads and warms up, does not count."""

    def once() -> Run:
        clock.reset()
        started = time.perf_counter()
        report = analyse(
            path,
            settings=settings,
            models=models,
            emit=lambda event: None,
            should_continue=lambda: True,
            save=lambda name, content: None,
            asked=Asked(full=full),
        )
        total = time.perf_counter() - started
        return Run(
            report,
            1000 * total,
            1000 * clock.seconds("decoding"),
            1000 * clock.seconds("models"),
            1000 * clock.seconds("decoding", "models"),
        )

    once()
    return [once() for _ in range(runs)]


def table(columns: dict[str, list[Run]]) -> Table:
    """Medians in milliseconds: a row per stage, a column per way to analyse."""
    made = Table("Milliseconds", title="Medians, warm")
    for name in columns:
        made.add_column(name, justify="right")

    def row(label: str, value: Callable[[Run], float | None], unit: str = "") -> None:
        made.add_row(label, *(_median(runs, value, unit) for runs in columns.values()))

    for info in stages():
        row(info.title, lambda run, name=info.name: run.stage(name))  # type: ignore[misc]
    made.add_section()
    row("In all", lambda run: run.total)
    row("  decoder at work", lambda run: run.decoding)
    row("  models at work", lambda run: run.models)
    row("  neither", lambda run: run.outside)
    row("  share of neither", lambda run: 100 * run.outside / run.total, " %")
    return made


def _median(runs: list[Run], value: Callable[[Run], float | None], unit: str) -> str:
    found = [each for run in runs if (each := value(run)) is not None]
    return f"{statistics.median(found):.0f}{unit}" if found else "skipped"


def large_table(files: dict[str, list[Run]]) -> Table:
    """Medians in milliseconds: a row per large file."""
    made = Table(
        "Milliseconds", "ingest", "hints", "faces and speech", "in all", title="Large files"
    )
    for name, runs in files.items():
        stages_of = ("ingest", "hints", "faces")
        medians = (_median(runs, lambda run, at=at: run.stage(at), "") for at in stages_of)  # type: ignore[misc]
        made.add_row(name, *medians, _median(runs, lambda run: run.total, ""))
    return made


def make_clip(folder: Path) -> Path:
    """The talking head, encoded as phones and platforms do: H.264 at its medium preset, AAC."""
    sound = speak(TEXT)[: SECONDS * VOICE_RATE]
    assert len(sound) == SECONDS * VOICE_RATE, "the text is too short"
    return write_video(
        folder / "talking.mp4",
        seconds=SECONDS,
        size=SIZE,
        options={"preset": "medium"},
        sound=sound,
    )


def main(
    runs: Annotated[int, typer.Option(help="Analyses that each median is of.", min=1)] = 7,
) -> None:
    """Measure and print."""
    console, settings, clock = Console(), Settings(), Clock()
    time_decoding(clock)
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        path = make_clip(Path(folder))
        models = TimedStore(settings, clock)
        every = measure(path, settings, models, clock, full=True, runs=runs)
        usual = measure(path, settings, models, clock, full=False, runs=runs)
        columns = {"all branches (--full)": every, "as served": usual}
        exits = usual[0].report.early_exit
        if not exits:
            models.always_exit()
            forced = measure(path, settings, models, clock, full=False, runs=runs)
            columns["early exit (forced)"] = forced
        size = path.stat().st_size
        large = {
            name: measure(each, settings, models, clock, full=False, runs=LARGE_RUNS)
            for name, each in make_large(Path(folder)).items()
        }
    voice = "espeak-ng" if has_espeak() else "a synthetic voice"
    console.print(
        f"{SECONDS} s, {SIZE[0]} x {SIZE[1]}, H.264 and AAC, {size / 1e6:.1f} MB, {voice}; "
        f"{runs} runs each; {settings.threads} threads of {os.cpu_count()} CPUs"
    )
    console.print(table(columns))
    console.print(large_table(large))
    console.print("Branches run side by side, so their times overlap.")
    console.print(
        "This clip takes the early exit by itself."
        if exits
        else "The gate does not clear this clip, so it is served without early exit; "
        "the last column lifts the gate's threshold to show what an exit saves."
    )


if __name__ == "__main__":
    try:
        typer.run(main)
    except AssayError as error:
        raise SystemExit(error.message) from error
