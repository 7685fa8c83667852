"""受信箱 (inbox): what waits for me, by when, and why; and what I was told."""

from fastapi import APIRouter, Request, Response

from web.pages import page
from web.signed_in import Facade, Me

router = APIRouter()


@router.get("/")
async def show(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show the inbox of the person who is signed in."""
    return page(request, "inbox.html", inbox=await minaoshi.inboxes.of(me.person))
