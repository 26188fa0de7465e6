"""What the benchmark writes: every figure in its table, charts that can be read."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bench import document
from bench.chart import bars
from bench.rows import B4, DECODING, EXIT, FULL, USUAL

WAY: dict[str, Any] = {
    "wall": 1234,
    "cpu": 1650,
    "decoder at work": 400,
    "models at work": 700,
    "neither at work": 134,
    "stages": {"Ingest": 12, "Faces": 560},
}
STAGES = {
    "runs": 3,
    "threads": 2,
    "ways": {
        FULL: WAY,
        USUAL: WAY,
        EXIT: WAY | {"cpu": 1100, "stages": {"Ingest": 12, "Faces": None}},
    },
    "beside": {DECODING: {"wall": 300, "cpu": 550}, B4: {"wall": 4000, "cpu": 7900}},
}
FILE = {"bytes": 1_500_000, "first": 900, "wall": 310, "cpu": 420, "megabytes": 515}
MS = [1, 20, 3]
SERVED = {"jobs_per_second": 40.5, "submit": MS, "status": MS, "completion": MS}


def row(figures: dict[str, Any]) -> dict[str, Any]:
    return {"on": "2026-01-02", "machine": "2 CPUs", "load": "0.1 to 2.0", "figures": figures}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(document, "FOLDER", tmp_path / "benchmarks")
    monkeypatch.setattr(document, "PAGE", tmp_path / "benchmarks.md")
    monkeypatch.setattr(document, "README", tmp_path / "README.md")
    (tmp_path / "README.md").write_text(
        "before\n<!-- bench: made by bench.bench -->\nold\n<!-- /bench -->\nbehind\n"
    )
    return tmp_path


def test_every_row_has_its_table_and_chart(folder: Path) -> None:
    names = ("lengths", "sizes", "stills", "sounds")
    files = {name: row({f"a {name}": FILE}) for name in names}
    document.write({"stages": row(STAGES), **files, "service": row({"SQLite": SERVED})})
    page = (folder / "benchmarks.md").read_text()
    for line in (
        "| Faces | 560 | 560 | skipped |",
        "3.0 (4.1) | 3.0 (4.1) | 2.0 (4.1) |",
        "takes 4,000 ms (7,900)",
        "| a stills | 1.5 | 310 | 420 | 900 | 515 |",
        "| SQLite | 40.5 | 1 / 20 / 3 | 1 / 20 / 3 | 1 / 20 / 3 |",
        "Measured on 2026-01-02: 2 CPUs; load 0.1 to 2.0.",
    ):
        assert line in page
    for chart in ("stages", "stills", "stills-memory", "service"):
        assert f"(benchmarks/{chart}.svg)" in page
        assert (folder / "benchmarks" / f"{chart}.svg").exists()


def test_the_readme_gets_the_first_table_alone(folder: Path) -> None:
    document.write({"stages": row(STAGES), "stills": row({"a still": FILE})})
    readme = (folder / "README.md").read_text()
    assert readme.startswith("before\n") and readme.endswith("<!-- /bench -->\nbehind\n")
    assert "old" not in readme and "a still" not in readme
    assert "| **processor time** | **1,650** | **1,650** | **1,100** |" in readme


def test_rows_that_were_not_measured_stay_as_they_were(folder: Path) -> None:
    document.write({"stills": row({"a still": FILE})})
    kept = document.read()
    document.write(kept | {"sounds": row({"a sound": FILE})})
    assert json.loads((folder / "benchmarks" / "figures.json").read_text()) == document.read()
    assert set(document.read()) == {"stills", "sounds"}
    assert "a still" in (folder / "benchmarks.md").read_text()


def test_decoding_stands_beside_files_where_it_was_measured(folder: Path) -> None:
    decoded = FILE | {"decoding": {"wall": 88, "cpu": 99}}
    document.write({"sizes": row({"720p": decoded})})
    assert "| 515 | 88 | 99 |" in (folder / "benchmarks.md").read_text()


def test_bars_are_as_long_as_their_values_and_tell_them_in_words() -> None:
    drawing = ElementTree.fromstring(
        bars("Time <all>", {"a & b": 50.0, "none": 0.0, "c": 100.0}, "ms")
    )
    space = "{http://www.w3.org/2000/svg}"
    widths = [float(bar.attrib["width"]) for bar in drawing.iter(f"{space}rect")]
    assert widths[2] == pytest.approx(2 * widths[0], abs=0.1)
    assert widths[1] == 1.0
    assert drawing.findtext(f"{space}desc") == "a & b: 50 ms; none: 0 ms; c: 100 ms"
    assert bars("Empty", {}, "ms").endswith("</svg>\n")
