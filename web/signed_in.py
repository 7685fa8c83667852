"""サインインしている人 (who is signed in): the cookie, and the person behind it."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Response

from client.minaoshi import Minaoshi
from client.sessions import ABSOLUTE, SignedIn

COOKIE = "minaoshi"

SIGN_IN_COOKIE = "minaoshi-sign-in"
"""途中のサインイン: binds what was asked of the provider to the browser that went there."""


class NotSignedInError(Exception):
    """サインインが要る: the page is for people who are signed in."""


def facade(request: Request) -> Minaoshi:
    """Give the facade that the application was built on."""
    minaoshi: Minaoshi = request.app.state.minaoshi
    return minaoshi


async def _signed_in(request: Request) -> SignedIn:
    token = cookie(request, COOKIE)
    me = await facade(request).sessions.of(token) if token else None
    if me is None:
        raise NotSignedInError
    request.state.me = me
    return me


Facade = Annotated[Minaoshi, Depends(facade)]
Me = Annotated[SignedIn, Depends(_signed_in)]
"""サインインしている人; whoever is not is led to the page where one signs in."""


def after_sign_out(minaoshi: Minaoshi) -> str:
    """Give the page that one sees who has just signed out; it may offer the way out of the provider too."""
    return "/sign-in?left=1" if minaoshi.signing_in.by_provider else "/sign-in"


def pages_url(request: Request) -> str:
    """Give the address under which people open the pages, whatever a request says of it."""
    address: str = request.app.state.pages_url
    return address


def cookie(request: Request, name: str) -> str | None:
    """Give what the browser keeps under a name of ours."""
    return request.cookies.get(_full_name(request, name))


def set_cookie(
    response: Response, token: str, *, request: Request, name: str = COOKIE, lasts: timedelta = ABSOLUTE
) -> None:
    """Give the browser its token: for this host alone, out of reach of scripts."""
    response.set_cookie(
        _full_name(request, name),
        token,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_by_tls(request),
    )


def drop_cookie(response: Response, *, request: Request, name: str = COOKIE) -> None:
    """Take the browser's token back."""
    response.delete_cookie(_full_name(request, name), httponly=True, samesite="lax", secure=_by_tls(request))


def _full_name(request: Request, name: str) -> str:
    # With this prefix a browser takes it from this very host alone, and by TLS alone.
    return f"__Host-{name}" if _by_tls(request) else name


def _by_tls(request: Request) -> bool:
    """Tell by the public address: behind a proxy that ends TLS a request comes in clear."""
    return pages_url(request).startswith("https://")
