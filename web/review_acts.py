"""見直しの行為 (acts of a review): one page for each act, offered to whom the rules let do it now."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request, Response

from client.errors import ActRefusedError, InvalidInputError, NotFoundError
from client.minaoshi import Minaoshi
from client.procedure_view import StepView
from client.review_detail import ReviewDetail
from client.submission import notes_from
from guideline.deadlines import tokyo_date
from schemas.acts import ActKind, Receipt
from schemas.review import Step
from web.acting import ActForm, resumed
from web.fields import Field
from web.pages import go_to
from web.posted import Posted, Sent
from web.review_forms import COMMENTS, EXPLANATIONS, GROUNDS_READ, WORDS, blocks_of, content_from
from web.review_steps import blocks_of as step_blocks
from web.review_steps import step_content, step_of, tidied
from web.rows import MORE, compacted, texts
from web.signed_in import Facade, Me

router = APIRouter()

_DOOR = "/reviews/{assessment}/{number}/acts/{act}"


def address_of(review_id: str) -> str:
    """Give the address of a review's page."""
    return f"/reviews/{review_id}"


def said_of(receipt: Receipt) -> tuple[str, str]:
    """Give where an accepted act is seen, and the word that goes with it."""
    said = f"受け付けました。{receipt.sequence}番目の行為として記録し、段階は「{receipt.stage.label}」です。"
    return address_of(receipt.review_id), said


class Door(NamedTuple):
    """行為の入口 (door): which act, of which review."""

    review_id: str
    kind: ActKind


def _door(assessment: str, number: str, act: str) -> Door:
    if act not in list(WORDS):
        raise NotFoundError(
            f"行為「{act[:40]}」は知りません。", where="アドレス", remedy="見直しのページから選び直してください。"
        )
    return Door(f"{assessment}/{number}", ActKind(act))


TheDoor = Annotated[Door, Depends(_door)]


@router.get(_DOOR)
async def ask(request: Request, minaoshi: Facade, me: Me, door: TheDoor) -> Response:
    """Show the form of an act; where the rules do not permit it now, say why."""
    detail = await minaoshi.reviews.detail(door.review_id, as_=me.person)
    see_that_it_is_open(detail, door.kind)
    if door.kind is ActKind.FIND and detail.needs_checklist:
        return go_to(f"{address_of(door.review_id)}/checklist")
    return _form(door.kind, detail, resumed(request)).show(request)


@router.post(_DOOR)
async def do(request: Request, minaoshi: Facade, me: Me, posted: Sent, door: TheDoor) -> Response:
    """Do an act as it was typed; more rows are given where they are asked for."""
    detail = await minaoshi.reviews.detail(door.review_id, as_=me.person)
    posted = _tidied(door.kind, posted)
    form = _form(door.kind, detail, posted)
    if posted.text(MORE):
        return form.show(request, posted=posted)

    async def act() -> Receipt:
        return await _done(minaoshi, door.kind, detail, posted, as_=me.person)

    return await form.do(request, posted, act, then=said_of)


def see_that_it_is_open(detail: ReviewDetail, kind: ActKind) -> None:
    """Raise ActRefusedError where the rules do not permit the act to the person now."""
    refusal = next(one.refusal for one in detail.offers if one.act is kind)
    if refusal is not None:
        raise ActRefusedError(refusal)


def _tidied(kind: ActKind, posted: Posted) -> Posted:
    if kind is ActKind.RECORD_STEP:
        return tidied(posted)
    if kind is ActKind.RETURN:
        return compacted(posted, *COMMENTS)
    return compacted(posted, *EXPLANATIONS) if kind is ActKind.SUBMIT else posted


def _form(kind: ActKind, detail: ReviewDetail, posted: Posted | None) -> ActForm:
    words = WORDS[kind]
    blocks, title, lead = blocks_of(kind, detail, posted), words.title, words.lead
    step = _step(detail, posted) if kind is ActKind.RECORD_STEP else None
    if step is not None:
        today = tokyo_date(datetime.now(UTC)).isoformat()
        blocks = step_blocks(step, _view_of(detail, step), posted, today=today)
        title = f"{words.title}: {step.label}"
    fields = tuple(
        field
        for block in blocks
        for field in ([block] if isinstance(block, Field) else [one for row in block.rows for one in row])
    )
    view = detail.view
    return ActForm(
        title,
        words.english,
        back=(address_of(view.review_id), f"見直し {view.assessment_name}"),
        fields=fields,
        lead=lead,
        button=words.button,
        template="review_act.html",
        context={
            "detail": detail,
            "blocks": blocks,
            "shows_draft": kind in (ActKind.APPROVE, ActKind.RETURN, ActKind.DISPUTE),
            "shows_findings": kind is ActKind.RESOLVE,
            "step": _view_of(detail, step),
            "is_submission": kind is ActKind.SUBMIT,
            "kind_finds": kind is ActKind.FIND,
        },
    )


def _step(detail: ReviewDetail, posted: Posted | None) -> Step:
    return step_of(posted, detail.view.next_step) or Step.PUBLICATION


def _view_of(detail: ReviewDetail, step: Step | None) -> StepView | None:
    return next((one for one in detail.view.procedure if one.step is step), None)


async def _done(minaoshi: Minaoshi, kind: ActKind, detail: ReviewDetail, posted: Posted, *, as_: str) -> Receipt:
    reviews, review_id = minaoshi.reviews, detail.view.review_id
    if kind is ActKind.SUBMIT:
        documents = _documents(detail, posted)
        notes = notes_from(json.dumps({"explanations": texts(posted, *EXPLANATIONS)}).encode())
        return await reviews.submit(review_id, *documents, as_=as_, explanations=notes, act_id=posted.act_id)
    if kind is ActKind.RECORD_STEP:
        step = _step(detail, posted)
        view = _view_of(detail, step)
        content, papers = step_content(step, posted, paper=view.paper if view else None)
        return await reviews.record_step(review_id, content, as_=as_, papers=papers, act_id=posted.act_id)
    if kind is ActKind.ACKNOWLEDGE:
        if not await reviews.was_done(posted.act_id):
            _see_that_all_was_read(detail, posted)
        return await reviews.acknowledge(review_id, as_=as_, act_id=posted.act_id)
    doors: dict[ActKind, Callable[..., Awaitable[Receipt]]] = {
        ActKind.FIND: reviews.find,
        ActKind.RESOLVE: reviews.resolve,
        ActKind.APPROVE: reviews.approve,
        ActKind.RETURN: reviews.send_back,
        ActKind.DISPUTE: reviews.dispute,
        ActKind.REVISE: reviews.revise,
        ActKind.RECALL: reviews.recall,
        ActKind.CONSENT: reviews.consent,
        ActKind.SETTLE: reviews.settle,
        ActKind.WITHDRAW: reviews.withdraw,
        ActKind.PASS_GATE: reviews.pass_gate,
        ActKind.HAND_OVER: reviews.hand_over,
    }
    content = content_from(kind, blocks_of(kind, detail, posted), posted)
    return await doors[kind](review_id, content, as_=as_, act_id=posted.act_id)


def _see_that_all_was_read(detail: ReviewDetail, posted: Posted) -> None:
    """Raise InvalidInputError where a ground has joined since the page was opened: it was not read."""
    if posted.text(GROUNDS_READ) != str(len(detail.grounds)):
        raise InvalidInputError(
            "このページを開いた後に、事由が変わりました。",
            where="事由",
            remedy="ページを開き直し、今の事由を読んでから確認してください。",
        )


def _documents(detail: ReviewDetail, posted: Posted) -> list[bytes]:
    documents = [content for form, _ in detail.forms for _, content in posted.files.get(f"document.{form}", [])]
    if not documents:
        # To whom the rules do not permit it, the forms of the set may not even be shown.
        see_that_it_is_open(detail, ActKind.SUBMIT)
        raise InvalidInputError(
            "文書が選ばれていません。", where="案", remedy="改めた様式の文書を、少なくとも一つ選んでください。"
        )
    return documents
