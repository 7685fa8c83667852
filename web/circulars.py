"""事務連絡 (circulars): the recipients, sending and reminding, the coverage as a picture, and questions."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from client.circulars import Imported
from client.errors import InvalidInputError
from schemas.duties import DutyKind, DutyState
from schemas.duty_acts import DutyActKind, DutyReceipt
from web.acting import ActForm
from web.fields import Field, Kind, content_of
from web.pages import attached, show_day
from web.posted import Posted, Sent
from web.signed_in import Facade, Me

router = APIRouter()

_TABLE = Field(
    "table",
    "宛先の表（CSV）",
    Kind.FILE,
    help="一行目に列の名（団体名、都道府県、電子メールアドレス、あれば団体コード）。UTF-8 か Shift_JIS。",
)
_QUESTION = (
    Field(
        "member",
        "照会した団体の番号",
        Kind.LINE,
        help="名簿の、名の下にある番号。名称と回答の宛先は、名簿から取ります。名簿の「照会」から開くと、入ります。",
    ),
    Field("asked_by", "照会した団体の名称", Kind.LINE, help="名簿にない団体のとき。"),
    Field("mail", "回答を送る電子メールアドレス", Kind.LINE, help="空なら、名簿にあるもの。"),
    Field("asked_on", "照会の日", Kind.DAY, help="空なら、今日。"),
    Field("question", "照会の内容", required=True),
    Field("due_on", "回答の期限", Kind.DAY, help="空なら、5開庁日の後。"),
)


async def circular_section(minaoshi: Facade, me: Me, state: DutyState) -> dict[str, Any] | None:
    """Give what the page of a circular, or of an answer, shows beside that of every duty."""
    if state.kind is DutyKind.ANSWER:
        return {"answer": await minaoshi.circulars.answer_sent(state.duty_id, as_=me.person)}
    if state.kind is not DutyKind.CIRCULAR:
        return None
    permitted = await minaoshi.duties.permitted(state.duty_id, as_=me.person)
    return {
        "coverage": await minaoshi.circulars.coverage(state.duty_id, as_=me.person) if state.roll else None,
        "unreached": await minaoshi.circulars.unreached(state.duty_id, as_=me.person),
        "repeats": next(iter(await minaoshi.duties.related(_repeated(state), as_=me.person)), None),
        "repeated_by": await minaoshi.duties.related(
            await minaoshi.circulars.repeated_by(state.duty_id, as_=me.person), as_=me.person
        ),
        "may_enrol": DutyActKind.ENROL in permitted,
        "may_send": DutyActKind.REPORT_PROGRESS in permitted,
        "may_ask": DutyKind.ANSWER in await minaoshi.duties.openable(as_=me.person),
    }


def _repeated(state: DutyState) -> tuple[str, ...]:
    earlier = state.content.get("repeats")
    return (str(earlier),) if earlier else ()


def _back(state: DutyState) -> tuple[str, str]:
    return f"/duties/{state.duty_id}", f"{state.kind.label}「{state.title}」"


async def _state(minaoshi: Facade, me: Me, duty_id: str) -> DutyState:
    state = (await minaoshi.duties.show(duty_id, as_=me.person)).state
    if state.kind is not DutyKind.CIRCULAR:
        raise HTTPException(404)
    return state


async def _to_do(minaoshi: Facade, me: Me, duty_id: str, act: DutyActKind) -> DutyState:
    """Give the circular, where the rules permit the act now; else say why not."""
    state = await _state(minaoshi, me, duty_id)
    await minaoshi.duties.see_permitted(duty_id, act, as_=me.person)
    return state


async def circular_choices(minaoshi: Facade, person: str, *, but: str = "") -> tuple[tuple[str, str], ...]:
    """Give the circulars that may be said again, by their titles."""
    rows = await minaoshi.duties.every(as_=person, kind=DutyKind.CIRCULAR)
    return tuple((one.duty_id, one.title) for one in reversed(rows) if one.duty_id != but)


async def _import_form(minaoshi: Facade, me: Me, duty_id: str) -> ActForm:
    state = await _state(minaoshi, me, duty_id)
    earlier = Field(
        "earlier",
        "又は、宛先を引き継ぐ元の事務連絡",
        Kind.CHOICE,
        choices=(("", "引き継がない"), *await circular_choices(minaoshi, me.person, but=duty_id)),
        help="改めて発出するとき。",
    )
    return ActForm(
        "宛先を取り込む",
        "Import recipients",
        _back(state),
        fields=(_TABLE, earlier),
        lead="一行でも誤りがあれば、一件も取り込みません。送るのは、この後の「発出する」です。",
        button="取り込む",
    )


@router.get("/duties/{duty_id}/recipients")
async def show_import(request: Request, minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Show the form by which recipients are taken in."""
    await _to_do(minaoshi, me, duty_id, DutyActKind.ENROL)
    return (await _import_form(minaoshi, me, duty_id)).show(request)


@router.post("/duties/{duty_id}/recipients")
async def import_recipients(request: Request, minaoshi: Facade, me: Me, sent: Sent, duty_id: str) -> Response:
    """Take the recipients in, all or none."""
    form = await _import_form(minaoshi, me, duty_id)

    async def send() -> Imported:
        files = sent.files.get("table")
        if files:
            return await minaoshi.circulars.import_recipients(duty_id, files[0][1], as_=me.person, act_id=sent.act_id)
        if not sent.text("earlier"):
            raise InvalidInputError(
                "宛先の表がありません。",
                where="宛先",
                remedy="CSV を選ぶか、引き継ぐ元の事務連絡を選んでください。",
                at={"table": "CSV を選んでください。"},
            )
        earlier = sent.text("earlier")
        return await minaoshi.circulars.take_recipients(duty_id, earlier=earlier, as_=me.person, act_id=sent.act_id)

    def then(done: Imported) -> tuple[str, str]:
        read_as = f"（{done.encoding} として読みました）" if done.encoding else ""
        return f"/duties/{duty_id}", f"宛先{done.number:,}件を取り込みました{read_as}。"

    return await form.do(request, sent, send, then=then)


def _sending_form(state: DutyState, verb: str) -> ActForm:
    total, open_ = (state.roll.total, state.roll.open) if state.roll else (0, 0)
    if verb == "send":
        title, english = "発出する", "Send"
        lead = f"宛先{total:,}件のうち、まだ届いていない宛先に、受領を確認するリンクを添えてメールで送ります。"
        lead += "届かずに諦めた宛先にも、もう一度送ります。"
    else:
        title, english = "受領を確認していない宛先に督促する", "Remind"
        lead = f"宛先{total:,}件のうち、受領を確認していない{open_:,}件に、メールで改めて送ります。"
    return ActForm(
        title,
        english,
        _back(state),
        lead=lead if state.roll else "宛先がまだありません。先に「宛先を取り込む」で取り込んでください。",
        button="送り始める",
        template="duty_act.html",
        context={"state": state},
    )


@router.get("/duties/{duty_id}/send")
async def show_send(request: Request, minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Show what sending does."""
    return _sending_form(await _to_do(minaoshi, me, duty_id, DutyActKind.REPORT_PROGRESS), "send").show(request)


@router.get("/duties/{duty_id}/remind")
async def show_remind(request: Request, minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Show what reminding does."""
    return _sending_form(await _to_do(minaoshi, me, duty_id, DutyActKind.REPORT_PROGRESS), "remind").show(request)


@router.post("/duties/{duty_id}/send")
async def send_all(request: Request, minaoshi: Facade, me: Me, sent: Sent, duty_id: str) -> Response:
    """Send to all who were not reached."""
    return await _send(request, minaoshi, me, sent, duty_id, "send")


@router.post("/duties/{duty_id}/remind")
async def remind(request: Request, minaoshi: Facade, me: Me, sent: Sent, duty_id: str) -> Response:
    """Send to all who have not acknowledged."""
    return await _send(request, minaoshi, me, sent, duty_id, "remind")


async def _send(  # noqa: PLR0913, PLR0917 # what FastAPI reads from a request
    request: Request, minaoshi: Facade, me: Me, posted: Posted, duty_id: str, verb: str
) -> Response:
    form = _sending_form(await _state(minaoshi, me, duty_id), verb)

    async def send() -> DutyReceipt:
        act = minaoshi.circulars.send if verb == "send" else minaoshi.circulars.remind
        return await act(duty_id, as_=me.person, act_id=posted.act_id)

    return await form.do(
        request,
        posted,
        send,
        then=lambda _: (f"/duties/{duty_id}", "送り始めました。届き具合は、このページで分かります。"),
    )


def _question_form(state: DutyState, member: str = "") -> ActForm:
    return ActForm(
        "照会を受け付ける",
        "Take a question",
        _back(state),
        fields=tuple(replace(one, value=member) if one.name == "member" else one for one in _QUESTION),
        lead="照会への回答を義務として始めます。回答は、別の者が確認した後、照会した団体にメールで送られます。",
        button="受け付ける",
    )


@router.get("/duties/{duty_id}/questions/new")
async def show_question(request: Request, minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Show the form by which a question is taken in; to whom may not, say who may."""
    state = await _state(minaoshi, me, duty_id)
    await minaoshi.duties.see_openable(DutyKind.ANSWER, as_=me.person)
    return _question_form(state, request.query_params.get("member", "")).show(request)


@router.post("/duties/{duty_id}/questions/new")
async def take_question(request: Request, minaoshi: Facade, me: Me, sent: Sent, duty_id: str) -> Response:
    """Take a question in: it becomes a duty to answer."""
    form = _question_form(await _state(minaoshi, me, duty_id))

    async def send() -> DutyReceipt:
        content = content_of(form.fields, sent)
        return await minaoshi.circulars.ask(duty_id, content, as_=me.person, act_id=sent.act_id)

    return await form.do(
        request,
        sent,
        send,
        then=lambda receipt: (
            f"/duties/{receipt.duty_id}",
            f"照会を受け付けました。回答の期限は{show_day(receipt.due_on)}です。",
        ),
    )


@router.get("/duties/{duty_id}/coverage.csv")
async def coverage_csv(minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Give the coverage as a file."""
    text = await minaoshi.circulars.coverage_csv(duty_id, as_=me.person)
    return attached(text.encode(), "到達状況.csv", "text/csv; charset=utf-8")


@router.get("/duties/{duty_id}/prefectures.svg")
async def coverage_picture(minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Draw the coverage by prefecture."""
    drawn = await minaoshi.circulars.coverage_svg(duty_id, as_=me.person)
    return Response(drawn, media_type="image/svg+xml")


@router.get("/duties/{duty_id}/document")
async def document(minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Give the stored document of a circular, or of a rule that is made known."""
    name, content = await minaoshi.rules.document(duty_id, as_=me.person)
    return attached(content, name)
