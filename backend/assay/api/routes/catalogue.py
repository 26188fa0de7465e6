"""What this server consists of: the pipeline's graph, the models, and its limits."""

import json
from pathlib import Path
from typing import Final, Literal

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from assay.api.deps import SettingsDep, SignerDep
from assay.api.problems import problems
from assay.api.schemas import Limits, ModelCard
from assay.errors import AssayError
from assay.evidence import StageInfo
from assay.models.manifest import ModelFolder

router = APIRouter(tags=["catalogue"])

Figure = Literal["roc.svg", "reliability.svg", "risk.svg", "scores.svg"]
"""What the lab draws for a card; no other name is looked for."""

_PEM: Final = "application/x-pem-file"
_FIGURE_HEADERS: Final = {
    # A drawing with styles inside, and whatever else were in it does nothing.
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    ),
}


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


@router.get(
    "/signing-key",
    response_class=Response,
    responses={200: {"content": {_PEM: {"schema": {"type": "string"}}}}},
)
async def get_signing_key(signer: SignerDep) -> Response:
    """The public key to verify reports with. Get it over a way that you trust, and keep it."""
    return Response(signer.public_pem, media_type=_PEM)


@router.get("/models", responses=problems(503))
def list_models(settings: SettingsDep) -> list[ModelCard]:
    """Every installed model with its hashes, its card and its measured numbers."""
    models = ModelFolder(settings.models_dir)
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


@router.get(
    "/models/{name}/{figure}",
    response_class=FileResponse,
    responses={200: {"content": {"image/svg+xml": {}}}, **problems(404, 503)},
)
def get_figure(name: str, figure: Figure, settings: SettingsDep) -> FileResponse:
    """A figure that a model's card refers to."""
    models = ModelFolder(settings.models_dir)
    path = models.folder / name / figure
    # Only names of the manifest become a path.
    if name not in models.manifest.models or not path.is_file():
        raise AssayError("not_found", "There is no such figure; see the model's card for names.")
    return FileResponse(path, media_type="image/svg+xml", headers=_FIGURE_HEADERS)


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None
