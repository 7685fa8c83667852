"""編集の行為 (acts of the editor): a file is taken in, a form is begun anew, the set is submitted."""

import json

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from client.errors import CallerError, InvalidInputError
from client.working_copy_views import Sheet, WritingDesk
from schemas.acts import ItemNote, Receipt
from web.acting import ActForm
from web.asked import is_number
from web.editor_shown import address_of
from web.editor_where import Here
from web.failures import failure_of
from web.fields import Field, Kind
from web.pages import attached, go_to, page
from web.posted import Sent

router = APIRouter()

_LONGEST_ITEM = 200


@router.get("/submit")
async def submit_page(request: Request, where: Here) -> Response:
    """Show what would be submitted, item by item; what can't be submitted now is told on the page of the set."""
    desk = await where.desk()
    return _submit_form(desk).show(request) if desk.may_submit else go_to(f"{address_of(where.review_id)}#submit")


@router.post("/submit")
async def submit(request: Request, where: Here, posted: Sent) -> Response:
    """Submit the set, with what was explained of its items."""
    desk = await where.desk()

    async def act() -> Receipt:
        notes = _notes(desk, {name: posted.text(name) for name in posted.values})
        return await where.copies.submit(
            where.review_id,
            as_=where.person,
            revisions=posted.text("revisions"),
            explanations=notes,
            act_id=posted.act_id,
        )

    return await _submit_form(desk).do(
        request, posted, act, then=lambda _: (address_of(where.review_id), "評価書一式を、案として提出しました。")
    )


@router.get("/{form}/file")
async def download(where: Here) -> Response:
    """Give the working copy as a file."""
    content = json.dumps((await where.sheet()).content, ensure_ascii=False, indent=2)
    name = f"{where.review_id.replace('/', '-')}-{where.form}.json"
    return attached(content, name, "application/json")


@router.get("/{form}/import")
async def import_page(request: Request, where: Here) -> Response:
    """Ask for the file."""
    return _import_form(await where.sheet()).show(request)


@router.post("/{form}/import")
async def take_in(request: Request, where: Here, posted: Sent) -> Response:
    """Show what the file would change; after the confirmation, replace the working copy by it."""
    sheet = await where.sheet()
    back = address_of(where.review_id, where.form)
    try:
        if content := (posted.values.get("content") or [""])[0]:
            await where.copies.replace(
                where.review_id,
                where.form,
                content.encode("utf-8", "surrogatepass"),
                as_=where.person,
                revision=_revision(posted),
            )
            return go_to(back, said="ファイルの内容に置き換えました。")
        if "file" not in posted.files:
            raise InvalidInputError(
                "ファイルが選ばれていません。", where="ファイル", remedy="JSON ファイルを選んでください。"
            )
        document = posted.files["file"][0][1]
        after = await where.copies.read(where.review_id, where.form, document, as_=where.person)
    except CallerError as error:
        return _import_form(sheet).show(request, posted=posted, failure=failure_of(error))
    content = json.dumps(after.content, ensure_ascii=False)
    return page(request, "editor_import.html", sheet=sheet, after=after, content=content, back=back)


@router.get("/{form}/restart")
async def restart_page(request: Request, where: Here) -> Response:
    """Ask from where to begin anew."""
    return _restart_form(await where.sheet()).show(request)


@router.post("/{form}/restart")
async def restart(request: Request, where: Here, posted: Sent) -> Response:
    """Begin the form anew."""

    async def act() -> Sheet:
        return await where.copies.restart(
            where.review_id, where.form, posted.text("start"), as_=where.person, revision=_revision(posted)
        )

    back = address_of(where.review_id, where.form)
    return await _restart_form(await where.sheet()).do(
        request, posted, act, then=lambda _: (back, "書き始めから、やり直しました。")
    )


def _revision(posted: Sent) -> int:
    text = posted.text("revision")
    return int(text) if text.isascii() and is_number(text) else -1


def _import_form(sheet: Sheet) -> ActForm:
    return ActForm(
        title=f"{sheet.title}: ファイルを取り込む",
        english="Import",
        back=(address_of(sheet.review_id, sheet.form), sheet.title),
        lead="JSON ファイルの内容で、書きかけの文書を置き換えます。次のページで、変わる項目を確かめてから決めます。",
        button="内容を確かめる",
        fields=(Field("file", "JSON ファイル", Kind.FILE, required=True),),
    )


def _restart_form(sheet: Sheet) -> ActForm:
    return ActForm(
        title=f"{sheet.title}: 始めからやり直す",
        english="Start again",
        back=(address_of(sheet.review_id, sheet.form), sheet.title),
        lead="書きかけの文書を、次のいずれかに置き換えます。今の記載は残りません。要るものは、先にファイルに書き出してください。",
        button="置き換える",
        fields=(
            Field(
                "start",
                "どこから始めるか",
                Kind.CHOICE,
                choices=tuple((one.value, one.label) for one in sheet.starts),
                required=True,
            ),
            Field("revision", "版", Kind.GIVEN, value=str(sheet.revision)),
        ),
    )


def _submit_form(desk: WritingDesk) -> ActForm:
    fields = [
        Field(f"note-{sheet.form}-{number}", one.label, Kind.TEXT)
        for sheet in desk.sheets
        for number, one in enumerate(sheet.changed)
    ]
    return ActForm(
        title="案を提出する",
        english="Submit the draft",
        back=(address_of(desk.review_id), "評価書一式"),
        button="この内容で提出する",
        fields=(*fields, Field("revisions", "版", Kind.GIVEN, value=desk.revisions)),
        template="editor_submit.html",
        context={"desk": desk},
    )


def _notes(desk: WritingDesk, typed: dict[str, str]) -> tuple[ItemNote, ...]:
    """Give what was explained, by the item as people call it; raises InvalidInputError for what is too long."""
    said = [
        (one.label if len(one.label) <= _LONGEST_ITEM else one.path, typed.get(f"note-{sheet.form}-{number}", ""))
        for sheet in desk.sheets
        for number, one in enumerate(sheet.changed)
    ]
    try:
        return tuple(ItemNote(item=item, text=text) for item, text in said if text)
    except ValidationError:
        raise InvalidInputError(
            "提出時期に係る説明が長すぎます。", where="説明", remedy="4,000文字以内にしてください。"
        ) from None
