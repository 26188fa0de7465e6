"""How the API describes itself (OpenAPI): as it behaves, errors and events included."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel
from pydantic.json_schema import models_json_schema

from assay.jobs.analysis import Ended, Queued, Started
from assay.jobs.tracking import StageUpdate

EVENTS: Final = (Queued, Started, StageUpdate, Ended)
"""Data of the event stream, which OpenAPI cannot tie to the event's name."""


def operation_id(route: APIRoute) -> str:
    """The function's name, as clients in other languages spell it."""
    return to_camel(route.name)


def install(app: FastAPI) -> None:
    """Have the app describe itself as it behaves."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI's documented way


def _describe(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    for path in schema["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    _as_problem(response)
    _, events = models_json_schema(
        [(model, "serialization") for model in EVENTS], ref_template="#/components/schemas/{model}"
    )
    schema["components"]["schemas"] |= events["$defs"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schema["components"]["schemas"].pop(unused, None)
    return schema


def _as_problem(response: dict[str, Any]) -> None:
    """All our errors, those of validation included, are problems and say so in their type."""
    reference = {"$ref": "#/components/schemas/Problem"}
    response["content"] = {"application/problem+json": {"schema": reference}}
