"""評価書の編集 (editor): a department writes its assessment, one part of a form to a page."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from client.errors import CallerError, InvalidInputError
from client.merging import Typed, place_now
from client.typed import mark_of, typed_of
from client.working_copy_views import Saved, Sheet
from guideline.deadlines import TOKYO
from schemas.forms.boxes import boxes
from web import editor_acts
from web.acting import forget_kept, resumed
from web.editor_sent import NEXT, change_in, not_chosen, typed_in
from web.editor_shown import Shown, address_of, label_of, parts_of, shown
from web.editor_where import Here, Where
from web.failures import Failure, failure_of
from web.pages import go_to, page
from web.posted import Posted, Sent
from web.refused import keep_refusal

router = APIRouter(prefix="/reviews/{assessment}/{number}/documents")
router.include_router(editor_acts.router)


@router.get("")
async def overview(request: Request, where: Here) -> Response:
    """Show the forms of the set: who saved each, and what stands in the way of its submission."""
    desk = await where.desk()
    return page(request, "editor_desk.html", desk=desk, base=address_of(desk.review_id))


@router.get("/{form}")
async def form_page(request: Request, where: Here) -> Response:
    """Show the parts of a form."""
    sheet = await where.sheet()
    return page(request, "editor_form.html", sheet=sheet, pages=parts_of(sheet), base=address_of(sheet.review_id))


@router.get("/{form}/{section}")
@router.get("/{form}/{section}/{entry}")
async def part_page(request: Request, where: Here) -> Response:
    """Show one part of a form, to be filled in."""
    sheet, kept = await where.sheet(), resumed(request)
    here = shown(sheet, where.section, where.entry)
    if kept is None:
        return _show(request, _found(here))
    typed = typed_in(kept)
    return _show_lost(request, where, typed, _GONE_SINCE, sheet) if here is None else _show(request, _with(here, typed))


@router.post("/{form}/{section}")
@router.post("/{form}/{section}/{entry}")
async def save_part(request: Request, where: Here, posted: Sent) -> Response:
    """Save what was typed, and go on; or show what collides, or what can't be kept."""
    typed, change = typed_in(posted), change_in(posted)
    by_itself = "application/json" in request.headers.get("accept", "")
    try:
        if not_chosen(posted):
            raise InvalidInputError(
                "まだ選んでいない項目があります。",
                where="食い違い",
                remedy="項目ごとに、どちらを残すかを選んでください。",
            )
        saved = await where.copies.save(where.review_id, where.form, typed, as_=where.person, change=change)
    except CallerError as error:
        failure = failure_of(error)
        if by_itself:
            keep_refusal(request, failure)
            return JSONResponse({"message": failure.message, "remedy": failure.remedy}, status_code=failure.status)
        sheet = await where.sheet()
        found = shown(sheet, where.section, where.entry)
        if found is None or "asked" in posted.values:
            return _show_lost(request, where, typed, failure, sheet)
        return _show(request, _with(found, typed), failure=failure)
    result = saved.merged
    if not (result.collisions or result.lost or result.faults):
        await forget_kept(request)
    place = _place(saved, typed, where.place)
    if by_itself:
        return _answer(saved, typed, shown(await where.sheet(), *place), where.place)
    return await _after(request, where, posted, saved, place)


async def _after(
    request: Request, where: Where, posted: Posted, saved: Saved, place: tuple[str, int | None]
) -> Response:
    """Lead on after a save, or show what is to be decided before it is whole."""
    result, typed = saved.merged, typed_in(posted)
    shows_errors = bool(result.faults or saved.not_done)  # they take the longest to find
    here = shown(await where.sheet() if shows_errors else saved.after, *place)
    if result.collisions:
        return page(
            request,
            "editor_conflict.html",
            status=409,
            saved=saved,
            names=here.names if here else (),
            address=address_of(where.review_id, where.form) + where.place,
            mark_of=mark_of,
            label_of=label_of,
        )
    if result.lost:
        return _show_lost(request, where, typed, _GONE, saved.sheet)
    here = _found(here)
    if result.faults:
        failure = Failure(
            422, "文字として保存できないものがあります。", "示された項目を直して、もう一度保存してください。"
        )
        return _show(request, _with(here, typed, result.faults), failure=failure)
    if saved.not_done:
        return _show(request, here, failure=Failure(409, saved.not_done, "入力した内容は保存しました。"))
    to = here.part.address
    if posted.text("do") == NEXT and here.neighbours[1] is not None:
        to = here.neighbours[1].address
    elif saved.seen:
        to = _seen(here, saved.seen)
    return go_to(to, said=_said(saved))


_GONE = Failure(
    409,
    "入力した先の件を、ほかの人が除いています。",
    "ほかの項目は保存しました。下の内容が要るときは、今の一覧から入力し直してください。",
)


_GONE_SINCE = Failure(
    409, "預かった内容の入力先を、ほかの人が除いています。", "要るものを、今の一覧から入力し直してください。"
)


def _show(request: Request, here: Shown, *, failure: Failure | None = None) -> Response:
    return page(
        request,
        "editor_part.html",
        status=failure.status if failure else 200,
        here=here,
        base=address_of(here.sheet.review_id),
        failure=failure,
    )


def _show_lost(request: Request, where: Where, typed: Typed, failure: Failure, sheet: Sheet) -> Response:
    """Show what was typed where there is no place for it any more."""
    touched = [(place, texts) for place, texts in typed.values.items() if mark_of(texts) != typed.marks.get(place)]
    named = [(label_of(sheet, place), texts) for place, texts in touched]
    back = address_of(where.review_id, where.form)
    return page(request, "editor_lost.html", status=failure.status, failure=failure, touched=named, back=back)


def _found(here: Shown | None) -> Shown:
    if here is None:
        raise HTTPException(404)
    return here


def _with(here: Shown, typed: Typed, refused: Mapping[str, str] | None = None) -> Shown:
    return Shown(here.sheet, here.parts, here.part, typed, refused or {})


def _place(saved: Saved, typed: Typed, own: str) -> tuple[str, int | None]:
    """Give where the page now stands whose form was sent: another person may have moved its entry."""
    now = place_now(own, typed.names, boxes(saved.document)) or f"/{own.split('/')[1]}"
    _, section, *entry = now.split("/")
    return section, int(entry[0]) if entry else None


def _seen(here: Shown, place: str) -> str:
    """Give the address at which a place is seen: on this page, or on the page of its own."""
    if here.opens_pages and place != here.part.box.pointer and place.count("/") == here.part.box.pointer.count("/") + 1:
        pages = {one.box.pointer: one.address for one in here.part.entries}
        return pages.get(place, here.part.address) if here.part.box.value else here.part.address
    return f"{here.part.address}#f{place}"


def _said(saved: Saved) -> str:
    words = f"保存しました {clock(saved.at)}"
    if saved.merged.taken:
        words += f"（{saved.sheet.saved_by}さんが変えた{len(saved.merged.taken)}件も残しました）"
    return words


def clock(at: datetime) -> str:
    """Give the time of the day in Tokyo."""
    return f"{at.astimezone(TOKYO):%H:%M}"


def _answer(saved: Saved, typed: Typed, here: Shown | None, own: str) -> Response:
    """Tell a page that saves by itself what came of it, by the places as that page knows them."""
    there, result = boxes(saved.document), saved.merged
    now = {place: place_now(place, typed.names, there) for place in typed.marks}
    saved_here = set(result.changed)
    marks = {place: mark_of(typed_of(there[at])) for place, at in now.items() if at is not None and at in saved_here}
    back = {at: place for place, at in now.items() if at is not None}
    names = {}
    for part, known in typed.names.items():
        at = [place_now(f"{part}/{index}", typed.names, there) for index in range(len(known))]
        named = {f"{box.pointer}/{index}": name for box in there.values() for index, name in enumerate(box.names)}
        names[part] = [named.get(one or "", name) for one, name in zip(at, known, strict=True)]
    wrong = here.faults() if here else ()
    return JSONResponse(
        {
            "at": clock(saved.at),
            "revision": saved.revision,
            "marks": marks,
            "names": names,
            "wrong": [{"at": back.get(at, own), "item": one.item, "message": one.message} for one, at in wrong],
            "refused": {back.get(at, at): words for at, words in result.faults.items()},
            "collisions": len(result.collisions),
            "lost": len(result.lost),
            "taken": len(result.taken),
            "by": saved.sheet.saved_by,
            "by_at": clock(saved.sheet.saved_at) if saved.sheet.saved_at else "",
        },
        status_code=409 if result.collisions or result.lost else 422 if result.faults else 200,
    )
