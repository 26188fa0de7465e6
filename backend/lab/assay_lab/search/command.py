"""`search`: which settings of a trainer are best, by Optuna on SQLite.

    assay-lab search train-effnet --base effnet.toml --space space.toml --measure stills --out OUT

BASE holds the options that stay as they are (`train-gate --show-config` prints such a file), SPACE
those that are searched, see `search/space.py`. The measure is a number that the trainer records;
its last value counts, and trials that lag behind the median of others at the same step are stopped.
OUT gets study.db, a run folder a trial (`runs OUT/trials` draws them), best.toml (for --config),
trials.csv and card.md. A stopped search goes on, in the middle of a trial too.
"""

import csv
import hashlib
import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from assay_lab.core import json_lines
from assay_lab.core.options import Command, as_toml, defaults_of, read_options
from assay_lab.core.trackers import LISTENERS
from assay_lab.search.space import Space, grid_of, read_space, suggested

TRAINERS: Final[Mapping[str, str]] = {
    "train-gate": "assay_lab.gate.train",
    "train-visual": "assay_lab.visual.resnet18.train",
    "train-effnet": "assay_lab.visual.effnet.train",
    "train-temporal": "assay_lab.temporal.train",
    "train-audio-encoder": "assay_lab.audio.encoder.train",
}
"""Those with a run folder of their own, and their modules."""
STUDY: Final = "assay"
SEED: Final = 1


def command(
    trainer: Annotated[str, typer.Argument(help=", ".join(TRAINERS))],
    base: Annotated[Path, typer.Option(help="TOML of the trainer's other options")],
    space: Annotated[str, typer.Option(help="TOML of what is searched, or rate-batch")],
    measure: Annotated[str, typer.Option(help="A number that the trainer records")],
    out: Annotated[Path, typer.Option(help="Folder for the results; a second run continues it")],
    sampler: Annotated[str, typer.Option(help="tpe, grid or random")] = "tpe",
    trials: Annotated[int, typer.Option(min=0, help="In all; 0 is the whole grid, or else 20")] = 0,
    part: Annotated[
        str, typer.Option(help="Folder within the run that records it, as student of train-gate")
    ] = "",
    goal: Annotated[str, typer.Option(help="maximise or minimise")] = "maximise",
    spared: Annotated[
        int, typer.Option(min=1, help="First trials, of which none is stopped early")
    ] = 5,
) -> None:
    """Search the options of a trainer with Optuna, on SQLite."""
    optuna = _optuna()
    if trainer not in TRAINERS:
        raise SystemExit(f"{trainer} cannot be searched; there are {', '.join(TRAINERS)}")
    if goal not in ("maximise", "minimise"):
        raise SystemExit("goal is maximise or minimise")
    train: Command = import_module(TRAINERS[trainer]).command
    try:
        searched = read_space(space, train)
        drawn_by = _sampler(optuna, sampler, searched)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    fixed = read_options(base, train)
    out.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        storage=f"sqlite:///{out.resolve() / 'study.db'}",
        study_name=STUDY,
        direction=goal.replace("ise", "ize"),
        sampler=drawn_by,
        pruner=optuna.pruners.MedianPruner(n_startup_trials=spared),
        load_if_exists=True,
    )
    _take_up(optuna, study)
    count = trials or (_points(searched) if sampler == "grid" else 20)
    objective = _Objective(optuna, train, fixed, searched, measure, part, out / "trials")
    left = count - len(_ended(study))
    if left > 0:
        study.optimize(objective, n_trials=left)
    write(study, trainer, train, fixed, measure, out)


class _Objective:
    """One trial: a training in a folder that its settings name."""

    def __init__(
        self,
        optuna: Any,
        train: Command,
        fixed: Mapping[str, Any],
        space: Space,
        measure: str,
        part: str,
        home: Path,
    ) -> None:
        self._optuna, self._train, self._fixed, self._space = optuna, train, fixed, space
        self._measure, self._part, self._home = measure, part, home

    def __call__(self, trial: Any) -> float:
        chosen = suggested(trial, self._space)
        run = self._home / _name(chosen)
        watched = (run / self._part).resolve()

        def listen(folder: Path, line: Mapping[str, Any]) -> None:
            if folder.resolve() == watched and self._measure in line:
                trial.report(float(line[self._measure]), int(line["step"]))
                if trial.should_prune():
                    raise self._optuna.TrialPruned

        print(f"trial {trial.number}: {chosen}", flush=True)
        LISTENERS.append(listen)
        try:
            self._train(**{**self._fixed, **chosen, "run": run})
        finally:
            LISTENERS.remove(listen)
        return _last(watched, self._measure)


def _last(run: Path, measure: str) -> float:
    """The last value that a run recorded.

    Raises:
        SystemExit: It records no such number; the message says which it does.
    """
    lines = list(json_lines.read(run / "log.jsonl"))
    values = [line[measure] for line in lines if measure in line]
    if not values:
        known = sorted({name for line in lines for name in line} - {"at", "step"})
        raise SystemExit(f"{run} records no {measure}; it records {', '.join(known) or 'nothing'}")
    return float(values[-1])


def _name(chosen: Mapping[str, Any]) -> str:
    """Settings as a folder: told where that is short, and unique."""
    words = "-".join(f"{name}-{value}" for name, value in chosen.items())
    told = "".join(each if each.isalnum() or each in "-._" else "_" for each in words)
    digest = hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()[:6]
    return f"{told[:60]}-{digest}"


def _take_up(optuna: Any, study: Any) -> None:
    """Let trials that a stopped search left in the middle be tried again first."""
    states = optuna.trial.TrialState
    for trial in study.get_trials(states=[states.RUNNING]):
        study.tell(trial.number, state=states.FAIL)
    known = [trial.params for trial in _ended(study)]
    known += [
        trial.system_attrs["fixed_params"] for trial in study.get_trials(states=[states.WAITING])
    ]
    for trial in study.get_trials(states=[states.FAIL]):
        if trial.params and trial.params not in known:
            study.enqueue_trial(trial.params)
            known.append(trial.params)


def _ended(study: Any) -> list[Any]:
    """Trials that came to their end, or were stopped as laggards."""
    return [trial for trial in study.trials if trial.state.name in ("COMPLETE", "PRUNED")]


def _points(space: Space) -> int:
    count = 1
    for values in grid_of(space).values():
        count *= len(values)
    return count


def _sampler(optuna: Any, name: str, space: Space) -> Any:
    """Raises ValueError where there is no such, or no grid."""
    if name == "grid":
        return optuna.samplers.GridSampler(grid_of(space), seed=SEED)
    if name == "tpe":
        return optuna.samplers.TPESampler(seed=SEED)
    if name == "random":
        return optuna.samplers.RandomSampler(seed=SEED)
    raise ValueError("sampler is tpe, grid or random")


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        raise SystemExit(
            "optuna is not installed; it is an extra of the lab: pip install -e 'backend[search]'"
        ) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def write(
    study: Any, trainer: str, train: Command, fixed: Mapping[str, Any], measure: str, out: Path
) -> None:
    """best.toml, trials.csv and card.md; the best first."""
    sign = 1 if study.direction.name == "MINIMIZE" else -1
    done = [trial for trial in _ended(study) if trial.value is not None]
    done.sort(key=lambda trial: (trial.state.name != "COMPLETE", sign * trial.value))
    if not done or done[0].state.name != "COMPLETE":
        raise SystemExit(f"no trial of {out} came to its end")
    names = list(done[0].params)
    with (out / "trials.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("trial", *names, measure, "state"))
        for trial in done:
            values = (trial.params.get(name, "") for name in names)
            table.writerow((trial.number, *values, trial.value, trial.state.name.lower()))
    best = {**defaults_of(train), **fixed, **done[0].params, "run": None}
    (out / "best.toml").write_text(as_toml(train, best))
    rows = [f"| trial | {' | '.join(names)} | {measure} | |", "|---" * (len(names) + 3) + "|"]
    for trial in done:
        told = " | ".join(f"{trial.params.get(name, '')}" for name in names)
        stopped = "" if trial.state.name == "COMPLETE" else "stopped early"
        rows.append(f"| {trial.number} | {told} | {trial.value:.4f} | {stopped} |")
    (out / "card.md").write_text(
        f"# Search over {trainer}\n\nThe last {measure} of each trial, the best first. Trials that "
        "lagged behind the median of\nothers were stopped. The best of many on the same validation "
        "media is flattered; measure it on others.\n\n" + "\n".join(rows) + "\n"
    )
    typer.echo((out / "card.md").read_text())
