"""The list of analyses: which of them, in which order, page by page."""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from assay.errors import AssayError
from assay.evidence import NOTHING_TO_JUDGE, MediaKind, Reason, Verdict
from assay.jobs.database import analyses


class Order(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    SUSPECT = "suspect"


class Answer(StrEnum):
    """A verdict to look for, as people tell them apart."""

    DEEPFAKE = "Deepfake"
    AUTHENTIC = "Authentic"
    INCONCLUSIVE = "Inconclusive"
    NOTHING = "nothing_to_judge"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list shall hold.

    words: looked for in file names, notes and verdicts. kind: known once a file is examined.
    """

    words: str | None = None
    answer: Answer | None = None
    kind: MediaKind | None = None
    order: Order = Order.NEWEST


LEAST_WORD: Final = 3
"""Letters from which on a word may mean a verdict: one letter stands in all of them."""
_LARGEST: Final = 2**53

_VERDICT: Final = analyses.c.result["verdict"].as_string()
_REASONS: Final = analyses.c.result["reasons"].as_string()
_KEYS: Final[Mapping[Order, sa.ColumnElement[Any]]] = {
    Order.NAME: analyses.c.name_folded,
    # What has no probability comes last.
    Order.SUSPECT: sa.func.coalesce(analyses.c.result["probability"].as_float(), -1.0),
}
_KEY_TYPES: Final[Mapping[Order, type]] = {Order.NAME: str, Order.SUSPECT: float}
_DESCENDING: Final = frozenset({Order.NEWEST, Order.SUSPECT})


def page(
    connection: sa.Connection,
    every: sa.Select[Any],
    limit: int,
    cursor: str | None,
    wanted: Wanted,
) -> tuple[Sequence[sa.Row[Any]], str | None]:
    """A page of what is wanted.

    Args:
        connection: To the database.
        every: Selects all analyses, with their number and id.
        limit: Rows of a page.
        cursor: Where the page before ended; None for the first.
        wanted: Which of them, in which order.

    Returns:
        Rows of the selection, and the cursor of the following page, if there is one.

    Raises:
        AssayError: `invalid_request` for a cursor that is not of this list.
    """
    order = wanted.order
    # The number makes every place in the order unique.
    columns = [*([_KEYS[order]] if order in _KEYS else []), analyses.c.number, analyses.c.id]
    is_down = order in _DESCENDING
    query = every.add_columns(*(column.label("key") for column in columns[:-2]))
    query = query.where(*_conditions(wanted))
    query = query.order_by(*(column.desc() if is_down else column for column in columns))
    if cursor:
        here, last = sa.tuple_(*columns), sa.tuple_(*map(sa.literal, _read(cursor, order)))
        query = query.where(here < last if is_down else here > last)
    rows = connection.execute(query.limit(limit + 1)).all()
    more = len(rows) > limit
    return rows[:limit], _cursor(rows[limit - 1], order) if more else None


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions = []
    if wanted.words:
        conditions.append(_mentions(wanted.words.casefold()))
    if wanted.answer is not None:
        conditions.append(_answered(wanted.answer))
    if wanted.kind is not None:
        conditions.append(analyses.c.result["kind"].as_string() == wanted.kind)
    return conditions


def _mentions(words: str) -> sa.ColumnElement[bool]:
    """In the name, in the note, or as the name of the verdict."""
    texts = (analyses.c.name_folded, analyses.c.note_folded)
    found = [text.contains(words, autoescape=True) for text in texts]
    if len(words.strip()) >= LEAST_WORD:
        found += [
            _answered(answer) for answer, name in _NAMES.items() if words.strip() in name.casefold()
        ]
    return sa.or_(*found)


def _answered(answer: Answer) -> sa.ColumnElement[bool]:
    nothing: sa.ColumnElement[bool] = _REASONS.contains(Reason.NOTHING_TO_JUDGE)
    if answer is Answer.NOTHING:
        return nothing
    return sa.and_(answer == _VERDICT, sa.not_(nothing))


_NAMES: Final[Mapping[Answer, str]] = {
    **{Answer(verdict): verdict.words for verdict in Verdict},
    Answer.NOTHING: NOTHING_TO_JUDGE,
}
"""What people read."""


def _cursor(last: sa.Row[Any], order: Order) -> str:
    place = [order, *([last.key] if order in _KEYS else []), last.number, last.id]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read(cursor: str, order: Order) -> list[Any]:
    """The place behind which a page begins: one value a column of the order."""
    try:
        told, *key, number, last = json.loads(base64.urlsafe_b64decode(cursor))
        types = [_KEY_TYPES[order]] if order in _KEYS else []
        is_ours = (
            told == order
            and [type(each) for each in key] == types
            and type(number) is int
            and 0 <= number < _LARGEST
            and str(uuid.UUID(last)) == last
            and "\0" not in str(key)
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        is_ours = False
    if not is_ours:
        raise AssayError(
            "invalid_request", "The cursor is not valid; take nextCursor from the page before."
        )
    return [*key, number, last]
