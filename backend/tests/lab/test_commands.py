"""The lab's commands: each is there, explains itself, and starts with defaults that it can use."""

import inspect
from importlib import import_module
from pathlib import Path

import pytest

from assay_lab.__main__ import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_defaults_are_plain_values(name: str) -> None:
    command = import_module(COMMANDS[name][0]).command
    for parameter in inspect.signature(command).parameters.values():
        if parameter.default is not parameter.empty:
            plain = str | int | float | Path | list | tuple | None
            assert isinstance(parameter.default, plain), parameter.name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"assay_lab {name}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["no-such-command"]])
def test_without_a_command_all_are_listed(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="train-vocoders"):
        main(arguments)
