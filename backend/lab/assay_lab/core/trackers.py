"""Lines of a run, sent on to whoever follows runs elsewhere: MLflow and TensorBoard.

Both are clients alone, each an extra: `pip install -e 'backend[track]'`. The run's own folder
stays what counts.
"""

import atexit
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

Listener = Callable[[Path, Mapping[str, Any]], None]
"""Told the run's folder and a line of its log."""

LISTENERS: Final[list[Listener]] = []
"""Told of every line that any run records, in order."""

EXTRA: Final = "it is an extra of the lab: pip install -e 'backend[track]'"


def to_tensorboard(folder: Path) -> None:
    """Write every line of every run below a folder that TensorBoard reads.

    Raises:
        SystemExit: TensorBoard is not installed.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise SystemExit(f"tensorboard is not installed; {EXTRA}") from None
    writers: dict[Path, Any] = {}

    def listen(run: Path, line: Mapping[str, Any]) -> None:
        if run not in writers:
            writers[run] = SummaryWriter(str(folder / run.name))
            atexit.register(writers[run].close)
        for name, value in numbers_of(line).items():
            writers[run].add_scalar(name, value, int(line.get("step", 0)))

    LISTENERS.append(listen)


def to_mlflow(address: str) -> None:
    """Log settings and lines of every run to an MLflow server, or to a folder by a file: address.

    Raises:
        SystemExit: MLflow is not installed.
    """
    try:
        from mlflow import MlflowClient
    except ImportError:
        raise SystemExit(f"mlflow is not installed; {EXTRA}") from None
    client = MlflowClient(tracking_uri=address)
    known: dict[Path, str] = {}

    def listen(run: Path, line: Mapping[str, Any]) -> None:
        if run not in known:
            experiment = client.get_experiment_by_name("assay")
            number = experiment.experiment_id if experiment else client.create_experiment("assay")
            known[run] = client.create_run(number, run_name=run.name).info.run_id
            for name, value in json.loads((run / "config.json").read_text()).items():
                client.log_param(known[run], name, str(value)[:500])
            atexit.register(client.set_terminated, known[run])
        for name, value in numbers_of(line).items():
            client.log_metric(known[run], _allowed(name), value, step=int(line.get("step", 0)))

    LISTENERS.append(listen)


def numbers_of(line: Mapping[str, Any]) -> dict[str, float]:
    """What of a line can be drawn over the steps."""
    return {
        name: float(value)
        for name, value in line.items()
        if isinstance(value, int | float)
        and not isinstance(value, bool)
        and name != "step"
        and math.isfinite(value)
    }


def _allowed(name: str) -> str:
    """A name as MLflow takes it."""
    return "".join(each if each.isalnum() or each in "_-. /" else "_" for each in name)
