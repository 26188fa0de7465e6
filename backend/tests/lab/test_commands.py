"""`python -m assay_lab`: every listed command exists, and unknown ones are answered."""

import inspect
from importlib import import_module
from pathlib import Path

import pytest

from assay_lab.__main__ import COMMANDS, main


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_shows_its_help(name, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    assert "Usage" in capsys.readouterr().out
    assert import_module(COMMANDS[name][0]).command.__doc__


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_defaults_of_a_command_are_plain_values(name):
    command = import_module(COMMANDS[name][0]).command
    for parameter in inspect.signature(command).parameters.values():
        if parameter.default is not parameter.empty:
            plain = str | int | float | Path | list | tuple | None
            assert isinstance(parameter.default, plain), parameter.name


@pytest.mark.parametrize("arguments", [[], ["fly"]])
def test_without_a_known_command_all_are_listed(arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert all(name in str(stopped.value) for name in COMMANDS)
