"""The kept notebooks are what their sources say, whole, small, and tell nothing of a machine."""

from pathlib import Path

import jupytext
import nbformat
import pytest

HOME = Path(__file__).resolve().parents[3] / "notebooks"
SOURCES = sorted(HOME.glob("[0-9]-*.py"))


@pytest.fixture(params=SOURCES, ids=lambda path: path.stem)
def source(request: pytest.FixtureRequest) -> Path:
    return request.param


def kept(source: Path) -> nbformat.NotebookNode:
    return nbformat.read(source.with_suffix(".ipynb"), as_version=4)


def test_there_are_five() -> None:
    assert [path.name[0] for path in SOURCES] == list("12345")


def test_it_was_run_from_its_source_without_a_fault(source: Path) -> None:
    written = [(cell.cell_type, cell.source) for cell in jupytext.read(source).cells]
    ran = kept(source).cells

    assert [(cell.cell_type, cell.source) for cell in ran] == written, "run `make notebooks`"
    outputs = [out for cell in ran if cell.cell_type == "code" for out in cell.outputs]
    assert all(out.output_type != "error" for out in outputs)
    assert sum("image/jpeg" in out.get("data", {}) for out in outputs) >= 2


def test_it_is_small_and_names_no_machine(source: Path) -> None:
    text = source.with_suffix(".ipynb").read_text()

    assert len(text) < 600_000
    for word in ("/work/", "/home/", "/root/", "/tmp/"):
        assert word not in text
