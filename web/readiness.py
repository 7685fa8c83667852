"""用意 (readiness): `/ready`, asked by what stands before several processes, before it gives one a request."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from web.signed_in import facade

router = APIRouter()


@router.get("/ready")
async def ready(request: Request) -> PlainTextResponse:
    """Say whether pages can be made: 200, or 503 with what to do."""
    obstacle = await facade(request).readiness.obstacle()
    return PlainTextResponse(obstacle or "ready", status_code=503 if obstacle else 200)
