"""サインインしている人 (who is signed in): the cookie, and the person behind it."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Response

from client.minaoshi import Minaoshi
from client.sessions import ABSOLUTE, SignedIn
from web.site import Site

COOKIE = "minaoshi"

SIGN_IN_COOKIE = "minaoshi-sign-in"
"""途中のサインイン: binds what was asked of the provider to the browser that went there."""

BY_ITSELF = "x-by-itself"
"""The header of what a script sends without anybody having done something: it keeps no session alive."""

RESUME = "resume"
"""In an address: the person goes on with what is kept of the form there."""


class NotSignedInError(Exception):
    """サインインが要る: the page is for people who are signed in."""


def facade(request: Request) -> Minaoshi:
    """Give the facade that the application was built on."""
    minaoshi: Minaoshi = request.app.state.minaoshi
    return minaoshi


async def _signed_in(request: Request) -> SignedIn:
    token = cookie(request, COOKIE)
    sessions = facade(request).sessions
    use = sessions.look if BY_ITSELF in request.headers else sessions.of
    me = _known(request, await use(token) if token else None)
    await _see_what_is_kept(request, me)
    return me


async def _looked_for(request: Request) -> SignedIn:
    token = cookie(request, COOKIE)
    return _known(request, await facade(request).sessions.look(token) if token else None)


def _known(request: Request, me: SignedIn | None) -> SignedIn:
    if me is None:
        raise NotSignedInError
    request.state.me = me
    return me


async def _see_what_is_kept(request: Request, me: SignedIn) -> None:
    """Take note of what is kept of the form at this address, and read it where the person goes on with it."""
    address = request.scope["path"]
    kept = next((one for one in me.kept if one.address == address), None)
    if kept is None or request.method != "GET":
        return
    if RESUME in request.query_params:
        request.state.resumed = await facade(request).shared_desk.kept(address, as_=me.person)
    else:
        request.state.offered = kept


Facade = Annotated[Minaoshi, Depends(facade)]
Me = Annotated[SignedIn, Depends(_signed_in)]
"""サインインしている人; whoever is not is led to the page where one signs in. Asking is a use of the session."""

LookedFor = Annotated[SignedIn, Depends(_looked_for)]
"""サインインしている人, where a page asks by itself: this is no use of the session."""


async def recognise(request: Request) -> SignedIn | None:
    """Give who is signed in, for a page that is not asked for by anybody in particular; this is no use either."""
    me: SignedIn | None = getattr(request.state, "me", None)
    if me is None and (token := cookie(request, COOKIE)):
        me = request.state.me = await facade(request).sessions.look(token)
    return me


def after_sign_out(minaoshi: Minaoshi) -> str:
    """Give the page that one sees who has just signed out; it may offer the way out of the provider too."""
    return "/sign-in?left=1" if minaoshi.signing_in.by_provider else "/sign-in"


def pages_url(request: Request) -> str:
    """Give the address under which people open the pages, whatever a request says of it."""
    site: Site = request.app.state.site
    return site.url


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
    return Site(pages_url(request)).is_behind_tls
