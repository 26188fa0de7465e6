"""What this server consists of: the pipeline's graph, the models, and its limits."""

import json
from pathlib import Path

from fastapi import APIRouter, Request

from assay.api.deps import SettingsDep
from assay.api.openapi import problems
from assay.api.schemas import Limits, ModelCard
from assay.evidence import StageInfo
from assay.models import ModelStore

router = APIRouter(tags=["catalogue"])


@router.get("/stages")
def list_stages(request: Request) -> list[StageInfo]:
    """The pipeline as a graph, in the order in which people read it."""
    return list(request.app.state.graph)


@router.get("/limits")
def get_limits(settings: SettingsDep) -> Limits:
    """What is refused because it is too large."""
    return Limits(
        max_upload_bytes=settings.max_upload_bytes,
        max_picture_pixels=settings.max_picture_pixels,
    )


@router.get("/models", responses=problems(503))
def list_models(settings: SettingsDep) -> list[ModelCard]:
    """Every installed model with its hashes, its card and its measured numbers."""
    models = ModelStore(settings.models_dir, settings.threads)
    return [
        ModelCard(
            name=name,
            serve=entry.serve,
            files=entry.files,
            parameters=entry.parameters,
            card=_text(models.folder / name / "card.md"),
            metrics=json.loads(_text(models.folder / name / "metrics.json") or "null"),
        )
        for name, entry in models.manifest.models.items()
    ]


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None
