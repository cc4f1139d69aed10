"""The inventory: sites, subscribers, access network and devices, as one document."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.actions import Action
from api.auth import Wired, may
from api.importing import import_inventory
from api.rest.scope import responses
from api.shapes.inventory import Imported, Inventory
from brain.domain.identity import Principal

LARGEST = 32 * 1024 * 1024
"""Bytes of a document."""

router = APIRouter(prefix="/v1/inventory", tags=["inventory"])

_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Inventory"}}},
    }
}


@router.post("", responses=responses(409, 422), openapi_extra=_BODY)
async def post_inventory(
    gatewright: Wired,
    who: Annotated[Principal, may(Action.IMPORT_INVENTORY)],
    request: Request,
) -> Imported:
    """Take in a whole inventory document, or nothing of it.

    Entries that are already there are brought up to date; what devices said of themselves stays.
    """
    # Read here and not by FastAPI, so that a large body is only read for one who may send it.
    try:
        inventory = Inventory.model_validate_json(await request.body())
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False, include_context=False)
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"])} for each in wrong]
        ) from None
    return await import_inventory(gatewright, who, inventory)
