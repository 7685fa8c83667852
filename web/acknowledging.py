"""受領の確認 (acknowledging): the page of the link in a letter, for other bodies; nobody signs in here."""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from client.errors import CallerError, NotFoundError
from engine.errors import EngineError
from web.failures import Failure, failure_of
from web.pages import attached, go_to, page
from web.posted import read_form
from web.rate import address_of, tries
from web.signed_in import Facade


async def _is_known(request: Request, minaoshi: Facade, token: str) -> None:
    """Count what is no link as a try from where it comes: links are not found by guessing."""
    tries(request).see_from(address_of(request))
    try:
        await minaoshi.acknowledging.invitation(token)
    except NotFoundError:
        tries(request).count_from(address_of(request))
        raise


router = APIRouter(dependencies=[Depends(_is_known)])


@router.get("/acknowledge/{token}")
async def show(request: Request, minaoshi: Facade, token: str) -> Response:
    """Show what is asked, and of whom: opening the page does nothing."""
    return await _show(request, minaoshi, token)


@router.post("/acknowledge/{token}")
async def acknowledge(request: Request, minaoshi: Facade, token: str) -> Response:
    """Acknowledge."""
    posted = await read_form(request)
    try:
        await minaoshi.acknowledging.acknowledge(token, member=posted.text("member"))
    except (CallerError, EngineError) as error:
        return await _show(request, minaoshi, token, failure=failure_of(error))
    return go_to(f"/acknowledge/{quote(token, safe='')}")


@router.get("/acknowledge/{token}/document")
async def document(minaoshi: Facade, token: str) -> Response:
    """Give the circular itself."""
    name, content = await minaoshi.acknowledging.document(token)
    return attached(content, name)


async def _show(request: Request, minaoshi: Facade, token: str, failure: Failure | None = None) -> Response:
    invited = await minaoshi.acknowledging.invitation(token)
    # The address is the key. What every page tells the browser keeps it from other sites; to name no referrer at all
    # would make it send the form as from nowhere, which is refused where the site is reached without TLS.
    return page(
        request,
        "acknowledge.html",
        status=failure.status if failure else 200,
        invited=invited,
        token=token,
        failure=failure,
    )
