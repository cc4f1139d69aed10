"""Health, for whatever restarts or routes: open to all, and saying nothing but yes and no."""

from fastapi import APIRouter

from api.auth import Wired
from api.problems import NotReady
from api.shapes.operations import LiveShape, ReadyShape

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> LiveShape:
    """The process answers."""
    return LiveShape()


@router.get("/ready")
async def ready(gatewright: Wired) -> ReadyShape:
    """Every part that is needed works; a problem of status 503 names those that do not."""
    checks = await gatewright.health()
    bad = sorted(name for name, works in checks.items() if not works)
    if bad:
        raise NotReady(f"not working: {', '.join(bad)}", remedy="Run `gatewright doctor`.")
    return ReadyShape(checks=dict(checks))
