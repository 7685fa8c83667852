"""引継ぎ (take-over): existing assessments come in from a table with their files, or from a bundle: all or none."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from client.documents import Documents
from client.errors import CallerError, InvalidInputError
from client.takeover import TakenOver
from client.takeover_rows import TITLES
from client.uploads import Uploads
from engine.errors import EngineError
from schemas.organisation import Department
from web.acting import ActForm, forget_kept
from web.failures import failure_of
from web.fields import Field, Kind
from web.pages import go_to
from web.posted import Posted, Sent
from web.signed_in import Facade, Me
from web.waiting import Work, failed_with, lead_to, waiting

router = APIRouter()

_CHECK, _ENTER = "check", "enter"


@dataclass(frozen=True)
class _Outcome:
    """What came of it: checked only, or entered."""

    done: TakenOver
    checked_only: bool


@router.get("/takeover")
async def show(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show what is asked for."""
    return _form(await minaoshi.takeover.permitted(me.person)).show(request)


@router.post("/takeover")
async def take_over(request: Request, minaoshi: Facade, me: Me, posted: Sent) -> Response:
    """Check what was sent, and enter it where that is asked for; lead to the page that waits when it takes a while."""
    departments = await minaoshi.takeover.permitted(me.person)
    work = Work(me.form_token, "評価書の引継ぎ", ("/takeover", "既存の評価書を引き継ぐ"), "/takeover/{id}")

    async def do(work: Work) -> _Outcome:
        return await _take_over(minaoshi, me, posted, departments, work)

    try:
        await waiting(request).begin(work, do)
        error = failed_with(work) if work.is_done else None
    except CallerError as refused:
        error = refused
    if error is not None:
        return _form(departments).show(request, posted=posted, failure=failure_of(error))
    await forget_kept(request)
    return _lead_on(work) if work.is_done else lead_to(work)


@router.get("/takeover/{work_id}")
async def show_outcome(request: Request, minaoshi: Facade, me: Me, work_id: str) -> Response:
    """Show every fault of a take-over, or lead to what was entered."""
    departments = await minaoshi.takeover.permitted(me.person)
    work = waiting(request).of(me.form_token, work_id)
    if not work.is_done:
        return lead_to(work)
    error: CallerError | EngineError | None = failed_with(work)
    if error is not None:
        return _form(departments).show(request, failure=failure_of(error))
    return _lead_on(work)


def _lead_on(work: Work) -> Response:
    outcome: _Outcome = work.result()
    known = f"同じ内容で既に登録されているもの {len(outcome.done.known)}件。"
    if outcome.checked_only:
        return go_to("/takeover", said=f"誤りはありません。登録されるもの {len(outcome.done.entered)}件、{known}")
    return go_to("/assessments", said=f"評価書を{len(outcome.done.entered)}件登録しました。{known}")


async def _take_over(
    minaoshi: Facade, me: Me, posted: Posted, departments: tuple[Department, ...], work: Work
) -> _Outcome:
    tables = posted.files.get("table", [])
    only_check = posted.text("what") != _ENTER
    if not tables:
        raise InvalidInputError(
            "表（CSV）か一式（ZIP）が選ばれていません。",
            where="表又は一式",
            remedy="ファイルを選んで、もう一度送ってください。",
            at={"table": "ファイルを選んでください。"},
        )
    [(_, content), *_] = tables
    if Documents.is_bundle(content):
        return _Outcome(await _bundle(minaoshi, me, posted, departments, content, only_check), only_check)
    uploads = Uploads(posted.files.get("documents", []))
    act = minaoshi.takeover.check if only_check else minaoshi.takeover.take_over
    return _Outcome(await act(content, files=uploads.read, as_=me.person, told=work.told), only_check)


async def _bundle(  # noqa: PLR0913, PLR0917 # who, what, and for which department
    minaoshi: Facade,
    me: Me,
    posted: Posted,
    departments: tuple[Department, ...],
    content: bytes,
    only_check: bool,  # noqa: FBT001 # private
) -> TakenOver:
    department = posted.text("department")
    if department not in {one.id for one in departments}:
        raise InvalidInputError(
            "一式（ZIP）には、担当部署が要ります。",
            where="担当部署",
            remedy="その評価書を担当する部署を選んでください。",
            at={"department": "担当部署を選んでください。"},
        )
    checked = await minaoshi.bundles.check_bundle(content, department=department)
    if not only_check:
        await minaoshi.bundles.import_bundle(content, department=department, by=me.person)
    return checked


def _form(departments: tuple[Department, ...]) -> ActForm:
    return ActForm(
        title="既存の評価書を引き継ぐ",
        english="Taking over assessments",
        back=("/assessments", "評価書"),
        lead=(
            "公表中の評価書を、表（CSV）と文書ファイル、又は別の台帳から書き出した一式（ZIP）から登録します。"
            "全ての行を確かめ、一件でも誤りがあれば、何も登録しません。"
        ),
        button="送る",
        template="takeover.html",
        fields=(
            Field(
                "table",
                "表（CSV）又は一式（ZIP）",
                Kind.FILE,
                help="一行目は列の題名、二行目から一行に一件。UTF-8 でも Shift_JIS でも読めます。",
                required=True,
            ),
            Field(
                "documents",
                "表に書かれた文書ファイル",
                Kind.FILE,
                help="幾つでも選べます。多いときは ZIP に収めてください。旧様式で SHA-256 を書いた行には要りません。",
                many=True,
            ),
            Field(
                "department",
                "担当部署（一式のとき）",
                Kind.CHOICE,
                help="表のときは、列に書かれた部署になります。",
                choices=tuple((one.id, one.name) for one in departments),
            ),
            Field(
                "what",
                "行うこと",
                Kind.CHOICE,
                choices=((_CHECK, "確かめるだけ（登録しない）"), (_ENTER, "確かめて、登録する")),
                value=_CHECK,
                required=True,
            ),
        ),
        context={"columns": TITLES, "departments": departments},
    )
