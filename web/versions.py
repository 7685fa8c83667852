"""版 (versions): one to be read in the arrangement of its form, two side by side, and what anybody may read."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from client.errors import InvalidInputError, NotFoundError
from guideline.renditions import Rendition
from schemas.records import Standing
from web.exports import FORMATS
from web.failures import Failure
from web.pages import page
from web.signed_in import Facade, Me, recognise

router = APIRouter()


@router.get("/assessments/{assessment_id}/versions/{number}")
async def show(  # noqa: PLR0913, PLR0917 # which version, and how much of it
    request: Request, minaoshi: Facade, me: Me, assessment_id: str, number: int, rendition: str | None = None
) -> Response:
    """Show a version as its form arranges it; in full to people of the body."""
    shown = await minaoshi.documents.permitted_rendition(me.person, assessment_id, rendition)
    permitted = await minaoshi.documents.rendition_for(me.person, assessment_id)
    versions = await minaoshi.assessments.history(assessment_id, viewer=me.person)
    one = next((version for version in versions if version.number == number), None)
    if one is None:
        raise NotFoundError(
            f"評価書「{assessment_id}」に第{number}版はありません。",
            where="版",
            remedy="評価書のページで、版を選んでください。",
        )
    record = await minaoshi.assessments.show(assessment_id, viewer=me.person)
    reading = None
    if one.validated:
        reading = await minaoshi.documents.read(assessment_id, version=number, rendition=shown, by=me.person)
    doubts: tuple[str, ...] = ()
    if one.validated and permitted is Rendition.FULL:
        doubts = await minaoshi.documents.to_be_decided(assessment_id, version=number, by=me.person)
    return page(
        request,
        "version.html",
        record=record,
        version=one,
        versions=[version.number for version in versions],
        reading=reading,
        shown=shown,
        sees_all=permitted is Rendition.FULL,
        is_of_their_body=record.body == me.body,
        doubts=doubts,
        formats=FORMATS,
        renditions=[one for one in Rendition if permitted is Rendition.FULL or one is Rendition.PUBLIC],
    )


@router.get("/assessments/{assessment_id}/compare")
async def compare(  # noqa: PLR0913, PLR0917 # which two versions, and how much of them
    request: Request,
    minaoshi: Facade,
    me: Me,
    assessment_id: str,
    before: Annotated[int | None, Query(alias="from")] = None,
    after: Annotated[int | None, Query(alias="to")] = None,
    everything: Annotated[str, Query(alias="all")] = "",
) -> Response:
    """Show two versions item by item: what changed, or all."""
    shown = await minaoshi.documents.permitted_rendition(me.person, assessment_id, None)
    record = await minaoshi.assessments.show(assessment_id, viewer=me.person)
    numbers = [one.number for one in await minaoshi.assessments.history(assessment_id, viewer=me.person)]
    if before is None and len(numbers) == 1:
        before = numbers[0]  # there is nothing to compare it with, and the page says so
    found = await minaoshi.documents.comparison(
        assessment_id, before=before, after=after, rendition=shown, everything=bool(everything), by=me.person
    )
    return page(
        request,
        "comparison.html",
        record=record,
        found=found,
        shown=shown,
        everything=bool(everything),
        versions=numbers,
    )


@router.get("/public/{assessment_id}")
async def show_public(request: Request, minaoshi: Facade, assessment_id: str) -> Response:
    """Show what is published of an assessment, to anybody; nothing that is withheld is in it."""
    await recognise(request)
    try:
        record = await minaoshi.assessments.show(assessment_id)
        if record.standing is Standing.CEASED:
            return _not_public(request)
        reading = await minaoshi.documents.read(assessment_id, rendition=Rendition.PUBLIC)
    except (NotFoundError, InvalidInputError):  # what is wrong with it is for its body, and stands on its pages
        return _not_public(request)
    return page(request, "public.html", reading=reading)


def _not_public(request: Request) -> Response:
    failure = Failure(
        404,
        "公表されている評価書はここにありません。",
        "番号を確かめるか、評価実施機関に問い合わせてください。",
    )
    return page(request, "not_public.html", status=404, failure=failure)
