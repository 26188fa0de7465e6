"""Line drawings: to scale, the same every time, readable without seeing them."""

import re
import xml.etree.ElementTree as ET

import pytest

from assay_lab.core.lines import DASHES, HIGH, WIDE, Axis, draw_lines

UP = Axis("share", 0, 1)
SVG = "{http://www.w3.org/2000/svg}"


def paths(drawing: str) -> list[str]:
    """Of the curves, without those of the legend."""
    found = re.findall(r'class="curve".* d="(M[^"]+)"', drawing)
    return [path for path in found if "H34" not in path]


def test_points_lie_where_they_belong() -> None:
    (path,) = paths(draw_lines("t", Axis("x", 0, 10), UP, {"a": [(0, 0), (5, 0.5), (10, 1)]}))
    assert path == f"M0.0 {HIGH}L{WIDE / 2} {HIGH / 2}L{WIDE} 0.0"


def test_an_axis_may_fall() -> None:
    (path,) = paths(draw_lines("t", Axis("quality", 95, 30), UP, {"a": [(95, 1), (30, 1)]}))
    assert path == f"M0.0 0.0L{WIDE} 0.0"


def test_what_lies_outside_stays_in_the_frame() -> None:
    (path,) = paths(draw_lines("t", Axis("x", 0, 1), UP, {"a": [(-1, 5), (9, -5)]}))
    assert path == f"M0.0 0.0L{WIDE} {HIGH}"


def test_names_cannot_break_the_drawing() -> None:
    drawing = draw_lines("<t>", Axis("&", 0, 1), UP, {"</svg><script>": [(0, 0), (1, 1)]})
    root = ET.fromstring(drawing)
    assert root.find(f"{SVG}title").text == "<t>"
    assert not list(root.iter(f"{SVG}script"))


def test_lines_are_told_apart_and_told_in_words() -> None:
    lines = {str(number): [(0.0, 0.0), (1.0, number / 10)] for number in range(6)}
    drawing = draw_lines("t", Axis("x", 0, 1), UP, lines)
    assert len(set(re.findall(r'stroke-dasharray="([^"]+)"', drawing))) == 5
    assert "5: from 0 to 0.5 over 2 points" in drawing
    assert drawing == draw_lines("t", Axis("x", 0, 1), UP, lines)
    assert len(DASHES) == len(set(DASHES))


def test_a_line_without_points_is_left_out_and_one_point_is_a_dot() -> None:
    drawing = draw_lines("t", Axis("x", 0, 1), UP, {"absent": [], "one": [(0.5, 0.5)]})
    assert "absent" not in drawing
    (path,) = paths(drawing)
    assert path == f"M{WIDE / 2} {HIGH / 2}L{WIDE / 2} {HIGH / 2}"


def test_no_line_at_all_is_an_empty_frame() -> None:
    ET.fromstring(draw_lines("t", Axis("x", 0, 1), UP, {}))


@pytest.mark.parametrize("values", [[3.0], [0.0], [-2.0, -2.0], [1.0, 4.0]])
def test_an_axis_around_values_holds_them(values: list[float]) -> None:
    axis = Axis.around("x", values)
    assert axis.first < axis.last
    assert all(0 <= axis.share(value) <= 1 for value in values)


@pytest.mark.parametrize(
    ("first", "last", "ticks"),
    [
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (95, 30, [40, 60, 80]),
        (25, 1100, [250, 500, 750, 1000]),
        (0.358, 0.701, [0.4, 0.5, 0.6, 0.7]),
        (-3, 3, [-2, 0, 2]),
        (1e-7, 5e-7, [1e-7, 2e-7, 3e-7, 4e-7, 5e-7]),
    ],
)
def test_ticks_are_round(first: float, last: float, ticks: list[float]) -> None:
    assert Axis("x", first, last).ticks == pytest.approx(ticks)
