"""漏えい等報告書を作り、承認する (breach report): the form's own items, filled in from the facts or from a file."""

import json
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response

from client.errors import CallerError, InvalidInputError
from client.input import new_act_id, object_from
from client.minaoshi import Minaoshi
from client.sessions import SignedIn
from engine.errors import EngineError
from schemas.breach import FORM, FORM_VERSION, ReportKind
from schemas.event_acts import EventActKind
from schemas.events import FilingKind
from schemas.forms.catalogue import Item, items, load
from web.acting import ActForm, forget_kept
from web.event_acts import Scene, back_to, people_of, said_of, scene_of
from web.failures import failure_of
from web.fields import Field, Kind, content_of
from web.pages import attached, go_to
from web.posted import Posted, Sent
from web.signed_in import Facade, Me

router = APIRouter()

_ASKED_AS = {
    "choice": Kind.CHOICE,
    "choices": Kind.CHOICES,
    "date": Kind.DAY,
    "line": Kind.LINE,
    "text": Kind.TEXT,
    "list": Kind.LINES,
}
"""様式の項目の表し方から、入力の種類へ."""

_FILE, _WRITTEN_BY, _BUTTON = "document", "written_by", "do"
_LOAD, _CHECK, _SAVE = "load", "check", "save"


@router.get("/events/{event_id:path}/acts/report")
async def show(request: Request, minaoshi: Facade, me: Me, event_id: str, kind: str = "") -> Response:
    """Show a draft of a report, as far as the facts go."""
    scene = await scene_of(minaoshi, me, event_id)
    draft = await minaoshi.breaches.draft(event_id, kind=kind or _next_kind(scene), viewer=me.person)
    return (await _form(minaoshi, me, scene)).show(request, posted=Posted(new_act_id(), _values(draft)))


@router.post("/events/{event_id:path}/acts/report")
async def send(request: Request, minaoshi: Facade, me: Me, posted: Sent, event_id: str) -> Response:
    """Approve what was typed or the file that was chosen; or check it, give it as a file, or fill the form from one."""
    form = await _form(minaoshi, me, await scene_of(minaoshi, me, event_id))
    await minaoshi.breaches.see_writing(event_id, as_=me.person)
    files = posted.files.get(_FILE, [])
    wanted = posted.text(_BUTTON)
    document = files[0][1] if files else _document(posted)
    if wanted == _SAVE and not files:
        return _as_file(document, posted)
    try:
        if files:
            loaded = _values(object_from(document, where="報告書のファイル"))
            posted = replace(posted, values={**loaded, _WRITTEN_BY: posted.values.get(_WRITTEN_BY, [])})
        else:
            posted.require_letters()
        if wanted in {_LOAD, _SAVE}:
            return form.show(request, posted=posted)
        if wanted == _CHECK:
            await minaoshi.breaches.check(event_id, document)
            return replace(form, context={**form.context, "is_right": True}).show(request, posted=posted)
        await minaoshi.events.see_permitted(event_id, EventActKind.APPROVE_REPORT, as_=me.person, act_id=posted.act_id)
        receipt = await minaoshi.events.approve(
            event_id, document, written_by=_writer(posted), as_=me.person, act_id=posted.act_id
        )
    except (CallerError, EngineError) as error:
        return form.show(request, posted=posted, failure=failure_of(error))
    await forget_kept(request)
    return go_to(f"/events/{event_id}", said=said_of(receipt))


def _next_kind(scene: Scene) -> ReportKind:
    """Give what is likely to be written next: each after the one before it was filed."""
    filed = {one.kind for one in scene.view.state.filings}
    if filed & {FilingKind.FINAL, FilingKind.BOTH}:
        return ReportKind.SUPPLEMENT
    return ReportKind.FINAL if FilingKind.PRELIMINARY in filed else ReportKind.PRELIMINARY


async def _form(minaoshi: Minaoshi, me: SignedIn, scene: Scene) -> ActForm:
    groups = _groups()
    permitted = await minaoshi.events.permitted(scene.view.state.event_id, as_=me.person)
    of_the_approval = (
        Field(
            _FILE,
            "ほかの人が書いた報告書のファイル（JSON）",
            Kind.FILE,
            help="選ぶと、上に書かれた内容の代わりに用います。",
        ),
        Field(
            _WRITTEN_BY,
            "報告書を書いた者",
            Kind.CHOICE,
            choices=people_of(scene),
            help="承認する人とは別の人でなければなりません。",
            required=True,
        ),
    )
    return ActForm(
        "漏えい等報告書を作り、承認する",
        "Write and approve a report",
        back_to(scene.view),
        fields=(*(field for _, fields in groups for field in fields), *of_the_approval),
        lead="分かっている事実から作った案です。直し、検査し、書いた人とは別の人が承認します。承認するまで、何も記録されません。",
        button="承認する",
        template="breach_report_form.html",
        context={
            "groups": groups,
            "of_the_approval": of_the_approval,
            "kinds": tuple(ReportKind),
            "view": scene.view,
            "is_right": False,
            "may_approve": EventActKind.APPROVE_REPORT in permitted,
        },
    )


def _groups() -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """Give the items of the form as fields, by section."""
    sections: dict[str, list[Field]] = {}
    for item in items(FORM, FORM_VERSION):
        sections.setdefault(item.section, []).append(_field(item))
    nodes = load(FORM, FORM_VERSION).schema["properties"]
    return tuple((f"{nodes[key]['x-section']} {nodes[key]['title']}", tuple(one)) for key, one in sections.items())


def _field(item: Item) -> Field:
    return Field(
        _name(item),
        item.title,
        _ASKED_AS[item.display],
        help="一行に一つ書いてください。" if item.display == "list" else "",
        choices=tuple(item.choices.items()),
        required=item.required,
    )


def _name(item: Item) -> str:
    return item.path.removeprefix("/").replace("/", ".")


def _values(document: object) -> dict[str, list[str]]:
    """Give what the fields hold of a document; what is no text is shown as it is, and found by the check."""
    values = {}
    for item in items(FORM, FORM_VERSION):
        said = item.value_in(document)
        several = [str(one) for one in said] if isinstance(said, list) else []
        one = several if item.display == "choices" else ["\n".join(several) or str(said or "")]
        values[_name(item)] = one
    return values


def _document(posted: Posted) -> bytes:
    """Give the document that was typed."""
    fields = [field for _, fields in _groups() for field in fields]
    typed: dict[str, Any] = json.loads(content_of(fields, posted))
    cover = {"situations": [], **typed.get("cover", {})}
    whole = {"form": FORM, "form_version": FORM_VERSION, **typed, "cover": cover}
    return json.dumps(whole, ensure_ascii=False, indent=2).encode()


def _writer(posted: Posted) -> str:
    """Give who wrote the report. Raises InvalidInputError where nobody was chosen."""
    writer = posted.text(_WRITTEN_BY)
    if not writer:
        what = "報告書を書いた者が選ばれていません。"
        raise InvalidInputError(
            what, where="報告書の承認", remedy="選んで、もう一度送ってください。", at={_WRITTEN_BY: what}
        )
    return writer


def _as_file(document: bytes, posted: Posted) -> Response:
    kind = posted.text("cover.kind")
    name = f"breach-report-{kind if kind in tuple(ReportKind) else 'draft'}.json"
    return attached(document + b"\n", name, "application/json")
