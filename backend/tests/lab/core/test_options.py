"""Options as files: what is printed can be read, and what does not fit is told."""

import re
import tomllib
from pathlib import Path
from typing import Annotated

import pytest
import typer

from assay_lab import __main__
from assay_lab.__main__ import COMMANDS, main
from assay_lab.core.options import as_toml, model_of, read_options

SEEN: dict[str, object] = {}


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    steps: Annotated[int, typer.Option(help="Batches")] = 600,
    top_share: Annotated[float, typer.Option(help="Of patches")] = 1.0,
    start: Annotated[Path | None, typer.Option(help="Run folder")] = None,
    full: bool = True,
    words: Annotated[str, typer.Option(help='With "quotes" and \\')] = 'a "b" \\ ü',
) -> None:
    """Do as if."""
    SEEN.update(locals())


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    SEEN.clear()
    monkeypatch.setitem(COMMANDS, "as-if", (__name__, "Do as if"))


def written(folder: Path, text: str) -> Path:
    (folder / "options.toml").write_text(text)
    return folder / "options.toml"


@pytest.mark.usefixtures("listed")
def test_what_is_shown_is_a_file_that_gives_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["as-if", "--data", "faces", "--top-share", "0.1", "--show-config"])
    shown = capsys.readouterr().out
    assert not SEEN, "nothing was run"
    assert "# Batches\nsteps = 600\n" in shown
    assert "# start =" in shown
    assert tomllib.loads(shown) == {
        "data": "faces",
        "steps": 600,
        "top_share": 0.1,
        "full": True,
        "words": 'a "b" \\ ü',
    }
    with pytest.raises(SystemExit) as stopped:
        main(["as-if", "--config", str(written(tmp_path, shown))])
    assert stopped.value.code == 0
    assert SEEN["data"] == Path("faces") and SEEN["top_share"] == 0.1 and SEEN["start"] is None


@pytest.mark.usefixtures("listed")
def test_the_command_line_counts_more_than_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, 'data = "a"\nsteps = 7\ntop-share = 0.5\nfull = false\n')
    with pytest.raises(SystemExit):
        main(["as-if", "--steps", "9", "--config", str(file)])
    assert SEEN | {"data": Path("a"), "steps": 9, "top_share": 0.5, "full": False} == SEEN


@pytest.mark.usefixtures("listed")
def test_what_is_missing_is_left_as_a_comment(capsys: pytest.CaptureFixture[str]) -> None:
    main(["as-if", "--show-config"])
    assert "# Folder with manifest.csv\n# data =\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("steps = many", "cannot be read as TOML"),
        ('steps = "many"', "steps"),
        ("colour = 3", "colour"),
        ("[steps]\nlow = 1", "steps"),
        ("\x00", "cannot be read"),
    ],
)
def test_a_file_that_does_not_fit_is_told(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=told):
        read_options(written(tmp_path, text), command)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="cannot be read"):
        read_options(tmp_path / "none.toml", command)


@pytest.mark.parametrize("name", sorted(name for name in COMMANDS if name.startswith("train-")))
def test_every_trainer_has_a_model_whose_fields_are_told(name: str) -> None:
    module = __main__._module_of(name)
    fields = model_of(module.command).model_fields
    assert "steps" in fields or "folder" in fields or "labels" in fields
    unset = re.findall(r"^# \w+ =$", as_toml(module.command, {}), re.MULTILINE)
    assert len(unset) == len(fields)
