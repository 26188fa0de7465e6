"""What is searched: options of a trainer, and the values that they may take.

[rate]                  # any number in between
low = 1e-4
high = 1e-2
log = true

[pairs]                 # one of these
choices = [8, 16, 32]
"""

import inspect
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assay_lab.core.options import Command

Value = bool | int | float | str


class Axis(BaseModel):
    """Values of one option: `choices`, or all numbers from `low` to `high`."""

    model_config = ConfigDict(extra="forbid")

    choices: list[Value] = Field([], description="One of these")
    low: float | None = Field(None, description="The least")
    high: float | None = Field(None, description="The largest")
    log: bool = Field(False, description="Whether magnitudes are alike likely")

    @model_validator(mode="after")
    def _one_of_both(self) -> "Axis":
        if self.choices:
            if self.low is not None or self.high is not None or self.log:
                raise ValueError("either choices, or low and high")
        elif self.low is None or self.high is None or not self.low < self.high:
            raise ValueError("choices, or low below high")
        elif self.log and self.low <= 0:
            raise ValueError("magnitudes begin above 0")
        return self


Space = Mapping[str, Axis]

RATE_AND_BATCH: Final[Space] = {
    "rate": Axis(choices=[1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3]),
    "pairs": Axis(choices=[8, 16, 32]),
}
PRESETS: Final[Mapping[str, Space]] = {"rate-batch": RATE_AND_BATCH}
"""rate-batch: 18 points of learning rate and batch."""


def read_space(named: str, command: Command) -> Space:
    """A preset, or a TOML file, for the options of a trainer.

    Raises:
        ValueError: It cannot be read, or names what the trainer does not take.
    """
    space = PRESETS[named] if named in PRESETS else _of_file(Path(named))
    unknown = sorted(space.keys() - inspect.signature(command).parameters.keys())
    if unknown:
        raise ValueError(f"the trainer has no option {', '.join(unknown)}")
    return space


def grid_of(space: Space) -> dict[str, list[Value]]:
    """All values of each option.

    Raises:
        ValueError: Some have no list of them.
    """
    endless = sorted(name for name, axis in space.items() if not axis.choices)
    if endless:
        raise ValueError(f"a grid needs choices; {', '.join(endless)} has none")
    return {name: axis.choices for name, axis in space.items()}


def suggested(trial: Any, space: Space) -> dict[str, Value]:
    """What an Optuna trial is to try."""
    return {
        name: trial.suggest_categorical(name, axis.choices)
        if axis.choices
        else trial.suggest_float(name, axis.low, axis.high, log=axis.log)
        for name, axis in space.items()
    }


def _of_file(file: Path) -> Space:
    try:
        said = tomllib.loads(file.read_text())
        space = {name.replace("-", "_"): Axis.model_validate(one) for name, one in said.items()}
    except OSError:
        presets = ", ".join(PRESETS)
        raise ValueError(f"{file} is neither a file nor a preset; presets: {presets}") from None
    except ValidationError as error:
        raise ValueError(f"{file}: {error.errors()[0]['msg']}") from None
    except ValueError as error:
        raise ValueError(f"{file} cannot be read as TOML: {error}") from None
    if not space:
        raise ValueError(f"{file} names no option to search")
    return space
