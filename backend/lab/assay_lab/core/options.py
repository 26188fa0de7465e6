"""The options of a command as a file: documented, checked, and printed.

A command's signature is its only list of options. From it comes a pydantic model, so that a TOML
file is checked before anything runs, and the text that `--show-config` prints, which is such a
file. What is said on the command line counts more than the file.
"""

import inspect
import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from typer.models import OptionInfo

Command = Callable[..., None]


def model_of(command: Command) -> type[BaseModel]:
    """All options of a command, each optional; the help of an option is its description."""
    hints = get_type_hints(command, include_extras=True)
    fields: dict[str, Any] = {}
    for name in inspect.signature(command).parameters:
        told = _info(hints[name])
        kind = get_args(hints[name])[0] if told is not None else hints[name]
        about = Field(None, description=told.help if told is not None else None)
        fields[name] = (kind | None, about)
    return create_model(f"options of {command.__module__}", __config__=STRICT, **fields)


STRICT = ConfigDict(extra="forbid", strict=False)


def read_options(file: Path, command: Command) -> dict[str, Any]:
    """Options that a TOML file sets, by the names of the command's parameters.

    Raises:
        SystemExit: It cannot be read, or sets something that the command does not take.
    """
    try:
        said = tomllib.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise SystemExit(f"{file} cannot be read as TOML: {error}") from None
    try:
        checked = model_of(command)(**{name.replace("-", "_"): one for name, one in said.items()})
    except ValidationError as error:
        wrong = "\n".join(
            f"  {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()
        )
        raise SystemExit(f"{file} does not fit the command:\n{wrong}") from None
    return checked.model_dump(exclude_unset=True)


def as_toml(command: Command, values: Mapping[str, Any]) -> str:
    """The options as a file, each below its help; what has no value is left as a comment."""
    lines = []
    for name, field in model_of(command).model_fields.items():
        value = values.get(name)
        if field.description:
            lines.append(f"# {field.description}")
        lines.append(f"# {name} =" if value is None else f"{name} = {_literal(value)}")
    return "\n".join(lines) + "\n"


def defaults_of(command: Command) -> dict[str, Any]:
    """Values of the options that have one without being named."""
    parameters = inspect.signature(command).parameters
    return {name: one.default for name, one in parameters.items() if one.default is not one.empty}


def _literal(value: Any) -> str:
    """As TOML writes it: its strings, numbers and lists are those of JSON, booleans too."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)


def _info(hint: Any) -> OptionInfo | None:
    """What typer is told of a parameter."""
    found = [each for each in getattr(hint, "__metadata__", ()) if hasattr(each, "help")]
    return found[0] if found else None
