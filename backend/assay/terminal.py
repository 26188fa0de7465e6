"""What the commands share: settings and errors, each told in a line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from assay.settings import Settings


def read_settings() -> "Settings":
    """The settings; where a variable makes no sense, a line says which, and that is all."""
    from pydantic import ValidationError

    from assay.settings import get_settings

    try:
        return get_settings()
    except ValidationError as error:
        for each in error.errors():
            typer.echo(f"ASSAY_{str(each['loc'][0]).upper()}: {each['msg']}", err=True)
        raise typer.Exit(1) from error


@contextmanager
def telling() -> Iterator[None]:
    """What a person can be told ends the command with its sentence and exit status 1."""
    from assay.errors import AssayError

    try:
        yield
    except AssayError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from error
