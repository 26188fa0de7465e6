"""What `Prefer` asks for, and what means nothing."""

import pytest

from assay.api.prefer import LONGEST_WAIT, wait_of


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([], 0),
        (["wait=10"], 10),
        (["Wait = 10"], 10),
        (['respond-async, wait="2.5"; x=1'], 2.5),
        (["return=minimal", "wait=3"], 3),
        (["wait=3, wait=9"], 3),
        (["wait=99999"], LONGEST_WAIT),
        (["wait"], 0),
        (["wait=-1"], 0),
        (["wait=nan"], 0),
        (["wait=inf"], 0),
        (["wait=ten"], 0),
        (["await=10"], 0),
        ([",,;=;,"], 0),
    ],
)
def test_the_wait(headers: list[str], seconds: float) -> None:
    assert wait_of(headers) == seconds
