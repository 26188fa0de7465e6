"""How the API describes itself (OpenAPI): as it behaves, errors and events included."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel
from pydantic.json_schema import models_json_schema

from assay.api.gate import COOKIE, PUBLIC
from assay.jobs.analysis import Ended, Queued, Started
from assay.jobs.tracking import StageUpdate

_KEYS: Final = {
    "key": {"type": "http", "scheme": "bearer", "description": "Of `assay keys create`"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Of POST /session"},
}
_REFUSALS: Final = (401, 403, 429)

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
    schema["components"]["securitySchemes"] = _KEYS
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            if path not in PUBLIC:
                _with_key(operation)
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


def _with_key(operation: dict[str, Any]) -> None:
    """What the gate asks for, where the service is not open; and how it refuses."""
    operation["security"] = [{name: []} for name in _KEYS] + [{}]
    refusals = {str(status): {"description": HTTPStatus(status).phrase} for status in _REFUSALS}
    operation["responses"] = dict(sorted((refusals | operation["responses"]).items()))


def _as_problem(response: dict[str, Any]) -> None:
    """All our errors, those of validation included, are problems and say so in their type."""
    reference = {"$ref": "#/components/schemas/Problem"}
    response["content"] = {"application/problem+json": {"schema": reference}}
