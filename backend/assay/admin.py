"""Commands for whoever runs the service: keys, audit, backup, restore."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.terminal import read_settings, telling

if TYPE_CHECKING:
    from assay.jobs.database import Database

keys = typer.Typer(
    help="Make, list, rotate and revoke API keys.", no_args_is_help=True, add_completion=False
)

KeyId = Annotated[str, typer.Argument(metavar="ID", help="As `assay keys list` shows it.")]


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="For people: whose it is, or what for.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="read, submit, delete, metrics or admin, once for each; without, the first three."
        ),
    ] = None,
    days: Annotated[float | None, typer.Option(help="Valid for so many days.", min=0.001)] = None,
    per_minute: Annotated[int, typer.Option(help="Requests a minute.", min=1)] = 600,
    per_day: Annotated[
        int | None, typer.Option(help="Analyses in any 24 hours; without, no limit.", min=1)
    ] = None,
) -> None:
    """Make a key and print it, this once. From the first key on, nobody is let in without one."""
    from assay.jobs.analysis import now_ms
    from assay.jobs.keys import Keys, Scope

    usual = [Scope.READ, Scope.SUBMIT, Scope.DELETE]
    try:
        scopes = [Scope(each) for each in scope] if scope else usual
    except ValueError as error:
        raise typer.BadParameter(f"a scope is one of {', '.join(Scope)}") from error
    expires = None if days is None else now_ms() + int(days * 24 * 3600 * 1000)
    with opened_database() as database:
        key, secret = Keys(database).create(name, scopes, expires, per_minute, per_day)
    typer.echo(f"Key {key.id}. Keep what follows: it is not shown again.", err=True)
    typer.echo(secret)


@keys.command("list")
def list_keys() -> None:
    """Every key there ever was, without what opens it."""
    from assay.jobs.analysis import now_ms
    from assay.jobs.keys import Keys

    with opened_database() as database:
        found = Keys(database).all()
    for key in found:
        if key.revoked_ms is not None:
            state = f"revoked {_moment(key.revoked_ms)}"
        elif not key.is_valid(now_ms()):
            state = "expired"
        else:
            state = "valid" if key.expires_ms is None else f"until {_moment(key.expires_ms)}"
        limits = f"{key.per_minute}/min" + (f", {key.per_day}/day" if key.per_day else "")
        typer.echo("\t".join((key.id, state, " ".join(sorted(key.scopes)), limits, key.name)))


@keys.command("rotate")
def rotate_key(key_id: KeyId) -> None:
    """Print a new secret for a key; the one before opens nothing from now on."""
    from assay.jobs.keys import Keys

    with opened_database() as database:
        secret = Keys(database).rotate(key_id)
    typer.echo(f"Key {key_id}. Keep what follows: it is not shown again.", err=True)
    typer.echo(secret)


@keys.command("revoke")
def revoke_key(key_id: KeyId) -> None:
    """Let a key open nothing any more. What was analysed with it stays, for admins."""
    from assay.jobs.keys import Keys

    with opened_database() as database:
        Keys(database).revoke(key_id)
    typer.echo(f"Key {key_id} opens nothing any more.")


def audit(
    last: Annotated[int, typer.Option(help="Entries, at most.", min=1)] = 50,
    actor: Annotated[str | None, typer.Option(help="Of this key, or operator, alone.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Who did what, and when; the newest entry first."""
    from assay.jobs.audit import latest

    with opened_database() as database:
        entries = latest(database, last, actor)
    for entry in entries:
        fields = {
            "at": _moment(entry.at_ms),
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
        }
        typer.echo(json.dumps(fields) if as_json else "\t".join(fields.values()))


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A tar archive, made anew.")],
) -> None:
    """Write database, uploads, artefacts and the signing key into one file, while it serves."""
    from assay.jobs.backup import back_up

    settings = read_settings()
    with telling():
        back_up(settings, file)
    typer.echo(f"{file}: {file.stat().st_size:,} bytes. Whoever has it has everything: keep it.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `assay backup` has written.")],
) -> None:
    """Bring a backup back into a data folder that holds no service yet (ASSAY_DATA_DIR)."""
    from assay.jobs.backup import bring_back

    settings = read_settings()
    with telling():
        bring_back(settings, file)
    typer.echo(f"Restored into {settings.data_dir}.")


@contextmanager
def opened_database() -> "Iterator[Database]":
    """The database, up to date; whoever is at the command line acts as the operator."""
    from assay.jobs.database import Database
    from assay.jobs.people import OPERATOR, acting

    settings = read_settings()
    with telling():
        database = Database(settings)
        database.prepare()
        token = acting.set(OPERATOR)
        try:
            yield database
        finally:
            acting.reset(token)
            database.close()


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")
