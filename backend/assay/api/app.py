"""Puts the application together."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import anyio
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from assay import __version__
from assay.api import changes, dashboard, description, problems
from assay.api.feed import Feed
from assay.api.gate import Gate
from assay.api.guard import Guard
from assay.api.keyring import Keyring
from assay.api.looks import Looks
from assay.api.owners import Owners
from assay.api.routes import analyses, catalogue, events, feedback, health, report, session
from assay.evidence import StageInfo
from assay.jobs.database import Database
from assay.jobs.keys import Keys
from assay.jobs.service import Service
from assay.jobs.storage import open_store
from assay.jobs.supervisor import Supervisor
from assay.settings import Settings
from assay.signing import Signer
from assay.stages import stages


def create_app(
    settings: Settings,
    supervisor: Supervisor | None = None,
    graph: Iterable[StageInfo] | None = None,
) -> FastAPI:
    """The API and the page.

    Args:
        settings: Read once; nothing is opened before the server starts. Whoever starts it has
            prepared the database.
        supervisor: Runs a worker while the server runs; without, others have to.
        graph: The pipeline's stages, if not the real ones.
    """
    app = FastAPI(
        title="Assay",
        version=__version__,
        description="Is this video, still or voice clip a deepfake, how sure are we, and why?",
        lifespan=_lifespan,
        generate_unique_id_function=description.operation_id,
        # Both would load scripts from elsewhere; and a redirect would trust the Host header.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.supervisor = supervisor
    app.state.graph = stages() if graph is None else tuple(graph)
    routers = [
        each.router for each in (analyses, events, report, feedback, catalogue, session, health)
    ]
    api = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    # What is added last is asked first.
    app.add_middleware(Gate, keyring=lambda: app.state.keyring, routes=api)
    app.add_middleware(Guard, allowed_hosts=settings.allowed_hosts)
    problems.install(app)
    description.install(app)
    for router in routers:
        app.include_router(router)
    dashboard.install(app, settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings, supervisor = app.state.settings, app.state.supervisor
    database = Database(settings, patience=changes.PATIENCE)
    await run_in_threadpool(database.check)
    media = await run_in_threadpool(open_store, settings)
    app.state.service = Service(settings, database, media, app.state.graph)
    app.state.signer = await run_in_threadpool(Signer, settings.data_dir)
    app.state.changes = changes.Changes()
    app.state.feed = Feed(app.state.service)
    app.state.looks = Looks(app.state.service)
    app.state.keyring = Keyring(Keys(database), settings.open)
    app.state.owners = Owners(app.state.service)
    if supervisor is not None:
        supervisor.start()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(app.state.feed.run)
        tasks.start_soon(app.state.looks.run)
        yield
        tasks.cancel_scope.cancel()
    if supervisor is not None:
        await run_in_threadpool(supervisor.stop)
    app.state.service.close()
    database.close()
