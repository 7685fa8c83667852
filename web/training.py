"""研修 (training): what one confirms oneself, tables of staff and of completions, coverage, and the roll as a file."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from client.csv_reading import Columns
from client.errors import CallerError, InvalidInputError
from client.staff_rows import COMPLETIONS, STAFF
from client.training import CompletionImport, DepartmentCoverage, RollImport
from engine.errors import EngineError
from guideline.deadlines import tokyo_date
from guideline.duty_follow_up import due_for
from guideline.duty_rules import DUTY_RULES, RollOf
from schemas.duties import DutyKind, DutyState, MemberStatus, RollRow
from schemas.duty_acts import DutyActKind, DutyReceipt
from schemas.duty_papers import TrainingContent
from web.acting import ActForm, forget_kept
from web.failures import failure_of
from web.fields import Field, Kind
from web.pages import attached, go_to
from web.posted import Posted, Sent
from web.signed_in import Facade, Me

router = APIRouter()

_CHECK, _ENTER = "check", "enter"
MOST_NAMED = 50
"""確かめたときに名を挙げる人数: of more it is said how many there are."""

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Section:
    """研修の節 (section of a duty's page): one's own row, the coverage, and what one may do with the roll."""

    own: RollRow | None
    coverage: Sequence[DepartmentCoverage]
    may_confirm: bool
    may_enrol: bool
    may_record: bool
    may_export: bool


async def training_section(
    minaoshi: Facade, me: Me, state: DutyState, permitted: Sequence[DutyActKind]
) -> Section | None:
    """Give what the page of a duty with a roll of staff shows of it; None for another duty."""
    if DUTY_RULES[state.kind].roll is not RollOf.STAFF:
        return None
    own = await minaoshi.trainings.own(state.duty_id, as_=me.person)
    seen = await minaoshi.duties.rows_seen(state.duty_id, as_=me.person)
    return Section(
        own=own,
        coverage=await minaoshi.trainings.coverage(state.duty_id, as_=me.person) if state.roll else (),
        may_confirm=own is not None and own.status is MemberStatus.OPEN and DutyActKind.COMPLETE in permitted,
        may_enrol=DutyActKind.ENROL in permitted,
        # Who may excuse speaks for others; everybody else records their own alone.
        may_record=state.roll is not None and DutyActKind.EXCUSE in permitted,
        may_export=seen is None or bool(seen.departments),
    )


@router.get("/duties/{duty_id}/coverage.svg")
async def coverage(minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Draw the coverage by department."""
    drawn = await minaoshi.trainings.coverage_svg(duty_id, as_=me.person)
    return Response(drawn, media_type="image/svg+xml")


@router.get("/duties/{duty_id}/roll/file")
async def roll_file(
    minaoshi: Facade, me: Me, duty_id: str, as_: Annotated[str, Query(alias="as")] = "xlsx"
) -> Response:
    """Give the roll as a file, as far as one sees it."""
    if as_ not in _TYPES:
        raise HTTPException(404)
    content = await minaoshi.trainings.export(duty_id, as_, as_=me.person)
    return attached(content, f"{duty_id.replace(':', '-')}.{as_}", _TYPES[as_])


@router.get("/duties/{duty_id}/mine")
async def show_own(request: Request, minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Show what one is to have done, and ask for the day."""
    return (await _own_form(minaoshi, me, duty_id)).show(request)


@router.post("/duties/{duty_id}/mine")
async def confirm_own(request: Request, minaoshi: Facade, me: Me, sent: Sent, duty_id: str) -> Response:
    """Record that one has done it."""
    form = await _own_form(minaoshi, me, duty_id)

    async def send() -> DutyReceipt:
        day = sent.text("completed_on")
        return await minaoshi.trainings.complete(duty_id, completed_on=day, as_=me.person, act_id=sent.act_id)

    return await form.do(request, sent, send, then=lambda _: (f"/duties/{duty_id}", "済ませたことを記録しました。"))


async def _own_form(minaoshi: Facade, me: Me, duty_id: str) -> ActForm:
    state = await _state(minaoshi, me, duty_id)
    own = await minaoshi.trainings.own(duty_id, as_=me.person)
    if own is None:
        raise HTTPException(404)
    content = TrainingContent.model_validate(state.content, strict=False) if state.kind is DutyKind.TRAINING else None
    today = tokyo_date(datetime.now(UTC)).isoformat()
    return ActForm(
        "済ませたことを記録する",
        "Confirm completion",
        _back(state),
        fields=(Field("completed_on", "済ませた日", Kind.DAY, required=True, value=today),),
        button="済ませました",
        template="training_own.html",
        context={"state": state, "own": own, "content": content, "due_on": due_for(state, own)},
    )


@router.get("/duties/{duty_id}/roll/import")
async def show_roll_import(request: Request, minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Show the form for the table of all staff; where the rules do not permit it now, say why."""
    form = await _import_form(_ROLL, minaoshi, me, duty_id)
    await minaoshi.duties.see_permitted(duty_id, DutyActKind.ENROL, as_=me.person)
    return form.show(request)


@router.post("/duties/{duty_id}/roll/import")
async def import_roll(request: Request, minaoshi: Facade, me: Me, sent: Sent, duty_id: str) -> Response:
    """Check the table of all staff, and take it in where that is asked for."""
    trainings = minaoshi.trainings
    return await _import(
        request, _ROLL, minaoshi, me, sent, duty_id, check=trainings.check_roll, enter=trainings.import_roll
    )


@router.get("/duties/{duty_id}/completions/import")
async def show_completions_import(request: Request, minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Show the form for a table of completions to who speaks for others; to whom does not, say who does."""
    form = await _import_form(_DONE, minaoshi, me, duty_id)
    await minaoshi.duties.see_permitted(duty_id, DutyActKind.EXCUSE, as_=me.person)
    return form.show(request)


@router.post("/duties/{duty_id}/completions/import")
async def import_completions(request: Request, minaoshi: Facade, me: Me, sent: Sent, duty_id: str) -> Response:
    """Check a table of completions, and record them where that is asked for."""
    trainings = minaoshi.trainings
    return await _import(
        request,
        _DONE,
        minaoshi,
        me,
        sent,
        duty_id,
        check=trainings.check_completions,
        enter=trainings.import_completions,
    )


@dataclass(frozen=True)
class _Import:
    title: str
    english: str
    lead: str
    columns: Columns


_ROLL = _Import(
    "職員の表（CSV）を取り込む",
    "Import staff",
    "全職員の表を名簿と比べ、新たな者を加え、表にいない者の未了の分を「名簿の職員でなくなった」という理由で除きます。"
    "一行でも誤りがあれば、何も取り込みません。",
    STAFF,
)
_DONE = _Import(
    "受講の表（CSV）を取り込む",
    "Import completions",
    "済ませた者と、その日を、まとめて記録します。一行でも誤りがあれば、何も記録しません。",
    COMPLETIONS,
)


async def _import(  # noqa: PLR0913, PLR0917 # who, what, and the two ways to do it
    request: Request,
    kind: _Import,
    minaoshi: Facade,
    me: Me,
    sent: Posted,
    duty_id: str,
    *,
    check: Callable[..., Awaitable[RollImport | CompletionImport]],
    enter: Callable[..., Awaitable[RollImport | CompletionImport]],
) -> Response:
    form = await _import_form(kind, minaoshi, me, duty_id)
    try:
        sent.require_letters()
        table = _table(sent)
        if sent.text("what") != _ENTER:
            planned = await check(duty_id, table, as_=me.person)
            shown = replace(form, context={**form.context, "planned": planned})
            return shown.show(request, posted=replace(sent, values={**sent.values, "what": [_ENTER]}))
        done = await enter(duty_id, table, as_=me.person, act_id=sent.act_id)
    except (CallerError, EngineError) as error:
        return form.show(request, posted=sent, failure=failure_of(error))
    await forget_kept(request)
    read = f"{done.encoding} と判断して読みました。" if done.encoding else ""
    return go_to(f"/duties/{duty_id}", said=f"取り込みました。{read}")


def _table(sent: Posted) -> bytes:
    files = sent.files.get("table", [])
    if not files:
        raise InvalidInputError(
            "表（CSV）が選ばれていません。",
            where="表",
            remedy="ファイルを選んで、もう一度送ってください。",
            at={"table": "ファイルを選んでください。"},
        )
    return files[0][1]


async def _import_form(kind: _Import, minaoshi: Facade, me: Me, duty_id: str) -> ActForm:
    state = await _state(minaoshi, me, duty_id)
    return ActForm(
        kind.title,
        kind.english,
        _back(state),
        lead=kind.lead,
        fields=(
            Field(
                "table",
                "表（CSV）",
                Kind.FILE,
                help="一行目は列の題名、二行目から一行に一人。UTF-8 でも Shift_JIS でも読めます。",
                required=True,
            ),
            Field(
                "what",
                "行うこと",
                Kind.CHOICE,
                help="先に確かめると、何が変わるかを示します。",
                choices=((_CHECK, "確かめるだけ（取り込まない）"), (_ENTER, "確かめて、取り込む")),
                value=_CHECK,
                required=True,
            ),
        ),
        template="training_import.html",
        context={
            "state": state,
            "planned": None,
            "most": MOST_NAMED,
            "columns": kind.columns,
            "departments": await minaoshi.directory.departments(body=me.body),
        },
    )


async def _state(minaoshi: Facade, me: Me, duty_id: str) -> DutyState:
    state = (await minaoshi.duties.show(duty_id, as_=me.person)).state
    if DUTY_RULES[state.kind].roll is not RollOf.STAFF:
        raise HTTPException(404)
    return state


def _back(state: DutyState) -> tuple[str, str]:
    return (f"/duties/{state.duty_id}", f"{state.kind.label}「{state.title}」")
