"""For those who run the service."""

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import PlainTextResponse

from assay.api.deps import ServiceDep, SettingsDep
from assay.api.problems import problems
from assay.api.schemas import Health
from assay.models.manifest import ModelFolder

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
    service.check()
    return Health()


@router.get("/metrics", response_class=PlainTextResponse, responses=problems(503))
def get_metrics(service: ServiceDep) -> PlainTextResponse:
    """Prometheus text: outcomes, time per stage, length of the queue."""
    return PlainTextResponse(service.metrics(), media_type=CONTENT_TYPE_PLAIN_0_0_4)
