"""For those who run the service."""

import logging

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse

from assay.api.deps import ServiceDep, SettingsDep
from assay.api.problems import problems
from assay.api.schemas import Health
from assay.errors import AssayError
from assay.models.manifest import ModelFolder

log = logging.getLogger(__name__)

router = APIRouter(tags=["health"])


@router.get("/livez")
async def get_liveness() -> Health:
    """This process answers."""
    return Health()


@router.get("/readyz", responses=problems(503))
def get_readiness(request: Request, service: ServiceDep, settings: SettingsDep) -> Health:
    """An analysis that is sent now will be run: database, models and a worker are there."""
    models = ModelFolder(settings.models_dir)
    for stage in request.app.state.graph:
        for name in stage.models:
            models.check(name)
    try:
        worker_lives = service.is_alive()
    except Exception as error:
        log.exception("The database does not answer")
        raise AssayError("not_ready", "The database does not answer.") from error
    if not worker_lives:
        raise AssayError("not_ready", "No worker is running.")
    return Health()


@router.get("/metrics", response_class=PlainTextResponse)
def get_metrics(service: ServiceDep) -> PlainTextResponse:
    """Prometheus text: outcomes, time per stage, length of the queue."""
    return PlainTextResponse(service.metrics(), media_type="text/plain; version=0.0.4")
