"""Figures of cards: valid SVG that says its numbers, the same bytes for the same scores."""

import xml.etree.ElementTree as ElementTree
from html import escape

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_lab.core import plots
from assay_lab.core.export import describe
from assay_lab.core.scored import Scored, numbers_of

SVG = "{http://www.w3.org/2000/svg}"


def scored(count: int = 200, apart: float = 0.2) -> Scored:
    rng = np.random.default_rng(0)
    labels = np.arange(count) % 2 == 0
    centre = 0.5 + np.where(labels, apart, -apart)
    spread = np.clip(rng.normal(centre, 0.2), 0.01, 0.99)
    return Scored(labels, spread, [str(number // 4) for number in range(count)])


def points(path: str) -> list[tuple[float, float]]:
    """Places of a path in px."""
    pairs = [pair.split() for pair in path.strip("MZ").split("L")]
    return [(float(x), float(y)) for x, y in pairs]


def curve(parts: list[str], style: str) -> list[tuple[float, float]]:
    (found,) = [part for part in parts if f'class="{style}"' in part]
    return points(ElementTree.fromstring(found).attrib["d"])


def test_every_figure_is_small_valid_and_repeatable() -> None:
    sets = {"stills <& others>": scored(), "speech": scored(80)}
    figures = plots.draw(sets)

    assert list(figures) == list(plots.FIGURES)
    assert figures == plots.draw(sets)
    for drawing in figures.values():
        root = ElementTree.fromstring(drawing)
        assert root.attrib["role"] == "img"
        assert len(root.findall(f"{SVG}g")) == 2
        assert "100 real, 100 fake, AUC 0.9" in root.findtext(f"{SVG}desc", "")
        assert len(drawing) < 16_000
        assert "<script" not in drawing and "href" not in drawing


def test_the_roc_passes_where_the_errors_are_equal() -> None:
    one = scored(400, apart=0.1)
    drawn = np.array(curve(plots.roc(one), "curve")) / plots.SIDE

    nearest = drawn[np.argmin(np.abs(drawn[:, 0] - drawn[:, 1]))]
    assert nearest[0] == pytest.approx(numbers_of(one)["eer"], abs=0.02)
    band = np.array(curve(plots.roc(one), "band")) / plots.SIDE
    high, low = band[:41, 1], band[41:, 1][::-1]
    assert (high <= low + 1e-9).all() and (low - high).max() > 0.02


def test_a_set_with_one_class_is_not_drawn() -> None:
    real = scored().where(~scored().labels)

    (drawing, *_) = plots.draw({"all": scored(), "real alone": real}).values()

    assert "real alone" not in drawing


def test_bars_of_both_classes_add_up() -> None:
    rects = [ElementTree.fromstring(p) for p in plots.histogram(scored()) if p.startswith("<rect")]
    height = {
        style: sum(float(r.attrib["height"]) for r in rects if r.attrib["class"] == style)
        for style in ("fakes", "reals")
    }
    assert height["fakes"] == pytest.approx(height["reals"], rel=0.02)


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_wilson_holds_the_share(share: float, count: int) -> None:
    low, high = plots.wilson(share, count)

    assert 0 <= low <= share + 1e-9 and share - 1e-9 <= high <= 1


def test_a_card_shows_the_figures_beside_it(tmp_path) -> None:
    describe(tmp_path, {"command": "none"}, "# a model\n", {"all": scored()})

    card = (tmp_path / "card.md").read_text()
    for file, (title, _, _) in plots.FIGURES.items():
        assert f"![{escape(title)}]({file})" in card
        assert (tmp_path / file).read_text().startswith("<svg")
