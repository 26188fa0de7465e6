"""`python -m assay_lab`: every listed command exists, and unknown ones are answered."""

from importlib import import_module

import pytest

from assay_lab.__main__ import COMMANDS, main


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_shows_its_help(name, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    assert "Usage" in capsys.readouterr().out
    assert import_module(COMMANDS[name][0]).command.__doc__


@pytest.mark.parametrize("arguments", [[], ["fly"]])
def test_without_a_known_command_all_are_listed(arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert all(name in str(stopped.value) for name in COMMANDS)
