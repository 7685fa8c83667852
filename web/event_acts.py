"""リスク事案への行為 (acts on a risk event): one form for each, driven by one table."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from client.directory import Names
from client.event_views import EventRow, EventView
from client.minaoshi import Minaoshi
from client.sessions import SignedIn
from schemas.breach import KnownBy
from schemas.event_acts import EventActKind, EventReceipt
from schemas.events import FilingKind, NotificationKind
from schemas.organisation import Department, Person
from web.acting import ActForm
from web.evidence import evidence_fields, noted_at, put_evidence, with_evidence
from web.fields import Field, Kind, content_of
from web.pages import show_day, show_instant
from web.posted import Posted, Sent
from web.signed_in import Facade, Me

router = APIRouter()


@dataclass(frozen=True)
class Scene:
    """場面 (scene): what the questions of an act depend on."""

    view: EventView
    names: Names
    departments: tuple[Department, ...]
    people: tuple[Person, ...]
    others: tuple[EventRow, ...]


@dataclass(frozen=True)
class Act:
    """行為 (act): its address, its words, and what it asks for.

    `verb` is the method of the facade, none where the act has a page of its own; `within` the part of the message in
    which its content stands.
    """

    slug: str
    kind: EventActKind
    title: str
    english: str
    lead: str = ""
    button: str = "記録する"
    verb: str = ""
    fields: Callable[[Scene], tuple[Field, ...]] = lambda _: ()
    within: str = ""


def _reason(title: str, *, required: bool = True) -> Field:
    return Field("reason", title, required=required)


def _knew(scene: Scene) -> tuple[Field, ...]:
    return (
        Field(
            "department",
            "知った部署",
            Kind.CHOICE,
            choices=tuple((one.id, one.name) for one in scene.departments),
            required=True,
        ),
        Field("known_on", "知った日", Kind.DAY, required=True),
        Field("known_by", "知った経緯", Kind.CHOICE, choices=tuple((one.value, one.label) for one in KnownBy)),
        _reason("分かった経緯"),
    )


def _others(scene: Scene) -> tuple[tuple[str, str], ...]:
    here = scene.view.state.event_id
    return tuple(
        (one.event_id, f"{one.title}（{show_day(one.known_on)}に知った、{one.status}）")
        for one in scene.others
        if one.event_id != here
    )


def _join(scene: Scene) -> tuple[Field, ...]:
    return (
        Field("other", "同じ事案である別の報告", Kind.CHOICE, choices=_others(scene), required=True),
        _reason("同じ事案とする理由"),
    )


def _filing(scene: Scene) -> tuple[Field, ...]:
    approvals = tuple(
        (
            one.digest,
            f"{one.kind.label}（{scene.names.person(one.approved_by)}が{show_instant(one.at)}に承認、{one.digest[:12]}）",
        )
        for one in scene.view.state.approvals
    )
    return (
        Field(
            "filing.kind",
            "提出の区分",
            Kind.CHOICE,
            choices=tuple((one.value, one.label) for one in FilingKind),
            required=True,
        ),
        Field(
            "filing.digest",
            "提出した報告書（承認されたもの）",
            Kind.CHOICE,
            choices=approvals,
            help="" if approvals else "承認された報告書がまだありません。先に報告書を承認してください。",
            required=True,
        ),
        Field("filing.filed_on", "提出した日", Kind.DAY, required=True),
        Field("filing.receipt_number", "受付番号", Kind.LINE, required=True),
        *evidence_fields(),
    )


def _notification(_: Scene) -> tuple[Field, ...]:
    return (
        Field(
            "notification.kind",
            "通知の区分",
            Kind.CHOICE,
            choices=tuple((one.value, one.label) for one in NotificationKind),
            required=True,
        ),
        Field("notification.done_on", "行った日", Kind.DAY, help="通知を要しないときは空のままにしてください。"),
        Field("notification.reason", "理由", help="代わる措置とその理由、又は通知を要しない理由。"),
        *evidence_fields(),
    )


def people_of(scene: Scene) -> tuple[tuple[str, str], ...]:
    """Give the people who may be chosen, those of the departments concerned first."""
    return tuple((one.id, f"{one.name}（{scene.names.department(one.department)}）") for one in scene.people)


def _measure(scene: Scene) -> tuple[Field, ...]:
    return (
        Field("measure.text", "再発防止のための措置", required=True),
        Field("measure.owner", "担当者", Kind.CHOICE, choices=people_of(scene), required=True),
        Field("measure.due_on", "期限", Kind.DAY, required=True),
    )


def _confirmed(scene: Scene) -> tuple[Field, ...]:
    revision = str(scene.view.state.facts_revision)
    return (Field("facts_revision", "確認した事実の版", Kind.GIVEN, value=revision), _reason("確かめたことと理由"))


def _closing(scene: Scene) -> tuple[Field, ...]:
    return (
        Field(
            "without_measures", "再発防止策を定めない理由", help="再発防止策を定めたときは、空のままにしてください。"
        ),
        Field(
            "without_review", "評価書の見直しを要しない理由", help="見直しが開かれたときは、空のままにしてください。"
        ),
        Field(
            "same_as",
            "同じ事案として引き継ぐ先",
            Kind.CHOICE,
            choices=(*_others(scene), ("", "引き継がない")),
            help="別の報告と同じ事案で、そちらで対応を続けるときに選びます。",
        ),
    )


ACTS = (
    Act(
        "acknowledge",
        EventActKind.ACKNOWLEDGE,
        "受領を確認する",
        "Acknowledge",
        "この事案を読み、対策チームとして受け取ったことを記録します。",
        "受領を確認する",
        "acknowledge",
    ),
    Act("update", EventActKind.UPDATE_FACTS, "分かった事実を加え、改める", "Update the facts"),
    Act(
        "knew",
        EventActKind.ADD_KNOWLEDGE,
        "ほかの部署も知っていたことを加える",
        "Another department knew",
        "期限は、いずれかの部署が最初に知った日から数えます。先に知った部署があれば、期限は早まります。",
        verb="knew",
        fields=_knew,
    ),
    Act(
        "join",
        EventActKind.JOIN,
        "別の報告を、同じ事案として加える",
        "Join another report",
        "両方の報告とも残ります。別の報告で知られていた日は、この事案でも知られていた日とします。",
        verb="join",
        fields=_join,
    ),
    Act("report", EventActKind.APPROVE_REPORT, "漏えい等報告書を承認する", "Approve a report"),
    Act(
        "file",
        EventActKind.RECORD_FILING,
        "委員会への提出を記録する",
        "Record a filing",
        "個人情報保護委員会に提出した報告書を、受付番号とともに記録します。",
        verb="file",
        fields=_filing,
        within="filing",
    ),
    Act(
        "notify",
        EventActKind.RECORD_NOTIFICATION,
        "本人への通知を記録する",
        "Record a notification",
        "本人への通知を行ったこと、代わる措置を採ったこと、又は通知を要しないことを記録します。",
        verb="notify",
        fields=_notification,
        within="notification",
    ),
    Act(
        "measure",
        EventActKind.NAME_MEASURE,
        "再発防止策を定める",
        "Name a measure",
        "何を、誰が、いつまでに行うかを定めます。",
        verb="measure",
        fields=_measure,
        within="measure",
    ),
    Act(
        "no-report",
        EventActKind.PROPOSE_NO_REPORT,
        "報告を要しないと申し出る",
        "Propose that no report is due",
        "担当部署と対策チームの一方が申し出て、もう一方が確認します。一人では決められません。",
        "申し出る",
        "propose_no_report",
        lambda _: (_reason("報告を要しない理由"),),
    ),
    Act(
        "confirm-no-report",
        EventActKind.CONFIRM_NO_REPORT,
        "報告を要しないことを確認する",
        "Confirm that no report is due",
        "もう一方の側の申出を読み、今の事実に照らして確かめます。",
        "確認する",
        "confirm_no_report",
        _confirmed,
    ),
    Act(
        "close",
        EventActKind.CLOSE,
        "終了する",
        "Close",
        "残っていることがなければ、この事案の対応を終了します。",
        "終了する",
        "close",
        _closing,
    ),
)
"""行為の表: every act that a person does on an event, in the order in which the page offers them."""

_BY_SLUG = {one.slug: one for one in ACTS if one.verb}


@router.get("/events/{event_id:path}/acts/{act}")
async def show_act(request: Request, minaoshi: Facade, me: Me, event_id: str, act: str) -> Response:
    """Show the form of an act; where the rules do not permit it now, say why."""
    known = _known(act)
    await minaoshi.events.see_permitted(event_id, known.kind, as_=me.person)
    return _form(known, await scene_of(minaoshi, me, event_id)).show(request)


@router.post("/events/{event_id:path}/acts/{act}")
async def do_act(  # noqa: PLR0913, PLR0917 # what FastAPI reads from a request
    request: Request, minaoshi: Facade, me: Me, sent: Sent, event_id: str, act: str
) -> Response:
    """Do an act."""
    known = _known(act)
    form = _form(known, await scene_of(minaoshi, me, event_id))
    posted = with_evidence(sent)
    verb = getattr(minaoshi.events, known.verb)

    async def send() -> EventReceipt:
        await minaoshi.events.see_permitted(event_id, known.kind, as_=me.person, act_id=posted.act_id)
        with noted_at(f"{known.within}." if known.within else ""):
            receipt: EventReceipt = await verb(
                event_id, _content(known, form.fields, posted), as_=me.person, act_id=posted.act_id
            )
            return receipt

    return await form.do(request, posted, send, then=lambda receipt: (f"/events/{event_id}", said_of(receipt)))


def said_of(receipt: EventReceipt) -> str:
    """Say what became of an act, and what it changed of the answer and the dates."""
    due = f"次の期限は{show_day(receipt.due_on)}です。" if receipt.due_on else ""
    first = f"受け付けました。報告の要否は「{receipt.reportable.label}」です。{due}"
    return "\n".join((first, *receipt.changes))


def back_to(view: EventView) -> tuple[str, str]:
    """Give the way back to the page of the event."""
    return f"/events/{view.state.event_id}", f"リスク事案「{view.state.title}」"


async def scene_of(minaoshi: Minaoshi, me: SignedIn, event_id: str) -> Scene:
    """Read what the questions of an act depend on."""
    view = await minaoshi.events.show(event_id, viewer=me.person)
    body = view.state.body
    return Scene(
        view=view,
        names=await minaoshi.directory.names(),
        departments=await minaoshi.directory.departments(body=body),
        people=await minaoshi.directory.people(body=body, near=(*view.state.departments, me.department)),
        others=await minaoshi.events.list(scope="all", body=body, viewer=me.person),
    )


def _known(slug: str) -> Act:
    if slug not in _BY_SLUG:
        raise HTTPException(404)
    return _BY_SLUG[slug]


def _form(act: Act, scene: Scene) -> ActForm:
    return ActForm(
        act.title,
        act.english,
        back_to(scene.view),
        fields=act.fields(scene),
        lead=act.lead,
        button=act.button,
        template="event_act.html",
        context={"view": scene.view, "names": scene.names, "slug": act.slug},
    )


def _content(act: Act, fields: tuple[Field, ...], posted: Posted) -> bytes:
    """Give what the act says; of one that the facade wraps, the part that it wraps."""
    content: dict[str, Any] = json.loads(content_of(fields, posted))
    return json.dumps(put_evidence(content.get(act.within, {}) if act.within else content, posted)).encode()
