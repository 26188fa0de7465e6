"""What routes ask for in their signatures.

All of them are coroutines, though few wait: FastAPI would send a plain function to a thread.
"""

import re
from typing import Annotated

from fastapi import Depends, Path, Request

from assay.api.changes import Changes
from assay.api.feed import Feed
from assay.api.keyring import Keyring
from assay.api.looks import Looks
from assay.api.owners import Owners
from assay.errors import no_such_analysis
from assay.jobs.people import acting
from assay.jobs.service import Service
from assay.settings import Settings
from assay.signing import Signer

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _feed(request: Request) -> Feed:
    feed: Feed = request.app.state.feed
    return feed


async def _looks(request: Request) -> Looks:
    looks: Looks = request.app.state.looks
    return looks


async def _changes(request: Request) -> Changes:
    changes: Changes = request.app.state.changes
    return changes


async def _keyring(request: Request) -> Keyring:
    keyring: Keyring = request.app.state.keyring
    return keyring


async def _analysis_id(
    request: Request,
    analysis_id: Annotated[
        str, Path(description="As POST /analyze gave it", json_schema_extra={"format": "uuid"})
    ],
) -> str:
    """What is no id of ours names nothing, so it is not found rather than invalid.

    Nor is what belongs to others: whoever asks for an id in its signature asks for one of theirs.
    """
    if not _ID.fullmatch(analysis_id):
        raise no_such_analysis()
    owners: Owners = request.app.state.owners
    await owners.check(analysis_id, acting.get())
    return analysis_id


async def _signer(request: Request) -> Signer:
    signer: Signer = request.app.state.signer
    return signer


ServiceDep = Annotated[Service, Depends(_service)]
SettingsDep = Annotated[Settings, Depends(_settings)]
FeedDep = Annotated[Feed, Depends(_feed)]
"""For those who wait."""
LooksDep = Annotated[Looks, Depends(_looks)]
"""For those who ask how an analysis stands."""
ChangesDep = Annotated[Changes, Depends(_changes)]
"""For those who write."""
KeyringDep = Annotated[Keyring, Depends(_keyring)]
SignerDep = Annotated[Signer, Depends(_signer)]
AnalysisId = Annotated[str, Depends(_analysis_id)]
