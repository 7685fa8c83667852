"""自分の設定 (a person's settings): how one wants to be told by mail; signing out wherever one is signed in."""

from fastapi import APIRouter, Request, Response

from client.errors import InvalidInputError
from client.minaoshi import Minaoshi
from client.sessions import SignedIn
from schemas.letters import MailChoice
from web.acting import ActForm
from web.fields import Field, Kind
from web.pages import go_to
from web.posted import Posted, Sent
from web.signed_in import Facade, Me, after_sign_out, drop_cookie

router = APIRouter()

_SAVED = {
    MailChoice.AT_ONCE: "知らせは、そのたびにメールで送ります。",
    MailChoice.DAILY: "知らせは、毎朝一通のメールにまとめて送ります。",
}


@router.get("/settings")
async def show(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show what the person chose."""
    return (await _form(minaoshi, me)).show(request)


@router.post("/settings")
async def choose(request: Request, minaoshi: Facade, me: Me, posted: Sent) -> Response:
    """Write what the person chooses."""
    form = await _form(minaoshi, me)

    async def act() -> MailChoice:
        choice = _choice(posted)
        await minaoshi.notices.choose(choice, as_=me.person)
        return choice

    return await form.do(request, posted, act, then=lambda choice: ("/settings", _SAVED[choice]))


@router.post("/settings/sign-out-everywhere")
async def sign_out_everywhere(request: Request, minaoshi: Facade, me: Me, _posted: Sent) -> Response:
    """End every session of the person, this one too."""
    await minaoshi.sessions.end_all(me.person)
    response = go_to(after_sign_out(minaoshi), said="すべての場所でサインアウトしました。")
    drop_cookie(response, request=request)
    return response


def _choice(posted: Posted) -> MailChoice:
    try:
        return MailChoice(posted.text("mail"))
    except ValueError:
        wrong = "示された二つから選んでください。"
        raise InvalidInputError(
            "メールの受け方が選ばれていません。", where="設定", remedy=wrong, at={"mail": wrong}
        ) from None


async def _form(minaoshi: Minaoshi, me: SignedIn) -> ActForm:
    mail = Field(
        "mail",
        "知らせのメール",
        Kind.CHOICE,
        help="リスク事案の知らせと、期限を過ぎて上位者を呼ぶ知らせは、どちらを選んでも直ちに送ります。",
        choices=tuple((one.value, one.label) for one in MailChoice),
        required=True,
        value=(await minaoshi.notices.choice_of(me.person)).value,
    )
    return ActForm(
        title="設定",
        english="Settings",
        back=("/", "受信箱"),
        fields=(mail,),
        button="設定を保存する",
        template="own_settings.html",
        context={"address": await minaoshi.notices.mail_of(me.person)},
    )
