"""サインインしている人 (who is signed in): the cookie, and the person behind it."""

from typing import Annotated

from fastapi import Depends, Request, Response

from client.minaoshi import Minaoshi
from client.sessions import ABSOLUTE, SignedIn
from web.site import Site

COOKIE = "minaoshi"


class NotSignedInError(Exception):
    """サインインが要る: the page is for people who are signed in."""


def facade(request: Request) -> Minaoshi:
    """Give the facade that the application was built on."""
    minaoshi: Minaoshi = request.app.state.minaoshi
    return minaoshi


async def _signed_in(request: Request) -> SignedIn:
    token = request.cookies.get(COOKIE)
    me = await facade(request).sessions.of(token) if token else None
    if me is None:
        raise NotSignedInError
    request.state.me = me
    return me


Facade = Annotated[Minaoshi, Depends(facade)]
Me = Annotated[SignedIn, Depends(_signed_in)]
"""サインインしている人; whoever is not is led to the page where one signs in."""


def set_cookie(response: Response, token: str, *, request: Request) -> None:
    """Give the browser its token: for this host alone, out of reach of scripts."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=Site(request.app.state.pages_url).is_behind_tls,
    )
