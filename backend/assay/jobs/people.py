"""Who acts: told where a request or a command begins, known wherever it is of interest."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks for something.

    actor: As the audit log names them.
    owner: To whom belongs what they submit; None where nobody had to say who they are.
    sees_all: Whether they see what belongs to others.
    per_day: Analyses that they may submit in any 24 hours; None: no limit.
    """

    actor: str
    owner: str | None = None
    sees_all: bool = False
    per_day: int | None = None


ANYBODY: Final = Caller("anybody", sees_all=True)
"""Of a service that asks nobody for a key."""
NOBODY: Final = Caller("nobody")
"""Who has shown no key where one is needed."""
OPERATOR: Final = Caller("operator", sees_all=True)
"""Who runs the service, on its command line."""
RETENTION: Final = Caller("retention", sees_all=True)
"""The service itself, removing what is not to be kept longer."""

acting: Final[ContextVar[Caller]] = ContextVar("acting", default=ANYBODY)
"""In threads that a request is handed to as well: they get a copy of its context."""
