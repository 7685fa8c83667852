"""書き出し (exports): a version as a file; a small one comes at once, a large one when it is ready."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from client.documents import FileFormat, one_of
from client.errors import NotFoundError
from web.failures import failure_of
from web.pages import page
from web.signed_in import Facade, Me
from web.waiting import Work, failed_with, lead_to, waiting

router = APIRouter()

FORMATS = (
    (FileFormat.PDF, "PDF", "印刷と提出に"),
    (FileFormat.XLSX, "表計算ファイル（XLSX）", "様式の並びのまま"),
    (FileFormat.HTML, "ページ（HTML）", "一つのファイルで読める"),
    (FileFormat.JSON, "一式（JSON を収めた ZIP）", "別の台帳へ引き継ぐときに"),
)
"""書き出す形: what it is, how it is called, what it is for."""

_TYPES = {
    FileFormat.PDF: ("pdf", "application/pdf"),
    FileFormat.XLSX: ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    FileFormat.HTML: ("html", "text/html; charset=utf-8"),
    FileFormat.JSON: ("zip", "application/zip"),
}


@router.get("/assessments/{assessment_id}/versions/{number}/file")
async def export(  # noqa: PLR0913, PLR0917 # which version, in which form and rendition
    request: Request,
    minaoshi: Facade,
    me: Me,
    assessment_id: str,
    number: int,
    as_: Annotated[str, Query(alias="as")] = FileFormat.PDF,
    rendition: str | None = None,
) -> Response:
    """Give a version as a file, or lead to the page that waits for it."""
    form = one_of(FileFormat, as_, where="形")
    shown = await minaoshi.documents.permitted_rendition(me.person, assessment_id, rendition)
    ending, _ = _TYPES[form]
    work = _work(me, f"第{number}版の書き出し", _version(assessment_id, number))

    async def content() -> bytes:
        return await minaoshi.documents.export(assessment_id, as_=form, rendition=shown, version=number, by=me.person)

    return await _begin(request, work, content, f"{assessment_id}-{number}-{shown.value}.{ending}", form)


@router.get("/assessments/{assessment_id}/compare/file")
async def export_comparison(  # noqa: PLR0913, PLR0917 # which two versions
    request: Request, minaoshi: Facade, me: Me, assessment_id: str, before: int, after: int
) -> Response:
    """Give the comparison of two versions as a page of its own."""
    shown = await minaoshi.documents.permitted_rendition(me.person, assessment_id, None)
    back = (f"/assessments/{quote(assessment_id)}/compare?from={before}&to={after}", "二つの版の比較")

    async def content() -> bytes:
        return await minaoshi.documents.compare(
            assessment_id, before=before, after=after, rendition=shown, by=me.person
        )

    name = f"{assessment_id}-{before}-{after}-{shown.value}.html"
    return await _begin(request, _work(me, "新旧対照表の書き出し", back), content, name, FileFormat.HTML)


@router.get("/exports/{work_id}")
async def ready(request: Request, me: Me, work_id: str) -> Response:
    """Show that a file is ready, or why it could not be made."""
    work = waiting(request).of(me.form_token, work_id)
    if not work.is_done:
        return lead_to(work)
    error = failed_with(work)
    failure = failure_of(error) if error else None
    size = work.path.stat().st_size if work.path else 0
    return page(
        request, "export.html", status=failure.status if failure else 200, work=work, failure=failure, size=size
    )


@router.get("/exports/{work_id}/file")
async def fetch(request: Request, me: Me, work_id: str) -> Response:
    """Give the file that is ready."""
    work = waiting(request).of(me.form_token, work_id)
    if not work.is_done or failed_with(work) is not None:
        return lead_to(work)
    return _file(work)


def _version(assessment_id: str, number: int) -> tuple[str, str]:
    return f"/assessments/{quote(assessment_id)}/versions/{number}", f"第{number}版"


def _work(me: Me, title: str, back: tuple[str, str]) -> Work:
    return Work(owner=me.form_token, title=title, back=back, then="/exports/{id}")


async def _begin(
    request: Request, work: Work, content: Callable[[], Awaitable[bytes]], name: str, form: FileFormat
) -> Response:
    every = waiting(request)

    async def make(work: Work) -> tuple[str, str]:
        await every.keep(work, await content())
        return name, _TYPES[form][1]

    await every.begin(work, make)
    if not work.is_done:
        return lead_to(work)
    error = failed_with(work)
    if error is not None:
        raise error
    return _file(work)


def _file(work: Work) -> Response:
    if work.path is None or not work.path.exists():
        raise NotFoundError("このファイルはもうありません。", where="書き出し", remedy="もう一度、書き出してください。")
    name, media_type = work.result()
    return FileResponse(work.path, media_type=media_type, filename=name)
