"""The built page at `/`."""

from fastapi import FastAPI
from starlette.responses import PlainTextResponse

from assay.settings import Settings

NOT_BUILT = "The page is not built: run `make setup`. The API is here all the same: /openapi.json\n"


def install(app: FastAPI, settings: Settings) -> None:
    """Serve the files of the build; addresses that are no file belong to the page's own router."""
    if (settings.dashboard_dir / "index.html").is_file():
        app.frontend("/", directory=settings.dashboard_dir, fallback="index.html")
        return

    @app.get("/", include_in_schema=False)
    async def say_not_built() -> PlainTextResponse:
        return PlainTextResponse(NOT_BUILT)
