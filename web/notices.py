"""知らせ (notices): what I was told; for the team also what reached nobody, and what is done about it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from client.inbox import UndeliveredNotice
from web.acting import ActForm
from web.pages import page
from web.posted import Sent
from web.signed_in import Facade, Me

router = APIRouter()

_LIST = ("/notices", "知らせ")


@router.get("/notices")
async def show(
    request: Request, minaoshi: Facade, me: Me, at: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1
) -> Response:
    """Show one page of a person's notices, the newest first, and what is undelivered in the body of a team."""
    undelivered = await minaoshi.inboxes.undelivered(me.person)
    return page(request, "notices.html", told=await minaoshi.notices.of(me.person, page=at), undelivered=undelivered)


@router.get("/notices/{number}/settle")
async def show_settling(request: Request, minaoshi: Facade, me: Me, number: str) -> Response:
    """Ask whether the person was told otherwise."""
    return _settling(await minaoshi.inboxes.undelivered_one(number, as_=me.person)).show(request)


@router.post("/notices/{number}/settle")
async def settle(request: Request, minaoshi: Facade, me: Me, number: str, posted: Sent) -> Response:
    """Write down that the person was told otherwise."""
    form = _settling(await minaoshi.inboxes.undelivered_one(number, as_=me.person))
    return await form.do(
        request,
        posted,
        lambda: minaoshi.inboxes.settle(number, as_=me.person),
        then=lambda done: ("/notices", f"{done.name}に別の手段で伝えたことを記録しました。"),
    )


@router.get("/notices/{number}/send-again")
async def show_sending(request: Request, minaoshi: Facade, me: Me, number: str) -> Response:
    """Ask whether the notice is to go out once more."""
    return _sending(await minaoshi.inboxes.undelivered_one(number, as_=me.person)).show(request)


@router.post("/notices/{number}/send-again")
async def send_again(request: Request, minaoshi: Facade, me: Me, number: str, posted: Sent) -> Response:
    """Let the notice go out once more."""
    form = _sending(await minaoshi.inboxes.undelivered_one(number, as_=me.person))
    return await form.do(
        request,
        posted,
        lambda: minaoshi.inboxes.send_again(number, as_=me.person),
        then=lambda done: ("/notices", f"{done.name}への知らせを、もう一度送ります。"),
    )


def _settling(one: UndeliveredNotice) -> ActForm:
    return ActForm(
        title="別の手段で伝えた",
        english="Told otherwise",
        back=_LIST,
        lead=f"{one.name}に「{one.subject}」を電話や面談で伝えたときに、記録します。この知らせは、対策チームの受信箱から消えます。",
        button="伝えたことを記録する",
    )


def _sending(one: UndeliveredNotice) -> ActForm:
    return ActForm(
        title="もう一度送る",
        english="Send again",
        back=_LIST,
        lead=f"{one.name}への「{one.subject}」を、もう一度送ります。届かなかった理由（{one.failure}）が除かれてから送ってください。",
        button="もう一度送る",
    )
