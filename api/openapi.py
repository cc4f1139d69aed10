"""Puts into the OpenAPI document what FastAPI cannot know."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api.problems import MEDIA_TYPE

_REF = "#/components/schemas/{model}"


def describe(app: FastAPI, *, also: type[BaseModel]) -> None:
    """Name problems by their media type, and describe the body that a route reads by itself."""

    def openapi() -> dict[str, Any]:  # Any: a JSON document for FastAPI
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                tags=app.openapi_tags,
                routes=app.routes,
            )
            _add(document, also)
            _problems(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _add(document: dict[str, Any], shape: type[BaseModel]) -> None:
    schema = shape.model_json_schema(ref_template=_REF)
    schemas = document["components"]["schemas"]
    schemas.update(schema.pop("$defs", {}))
    schemas[shape.__name__] = schema


def _problems(document: dict[str, Any]) -> None:
    """FastAPI lists the schema of every response as JSON; a problem has a media type of its own."""
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    content = response["content"]
                    content[MEDIA_TYPE] = content.pop("application/json", content.get(MEDIA_TYPE))
