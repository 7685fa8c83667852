"""見直し (reviews): the list, and the page that says where a review stands, whose turn it is, until when, and why."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from client.review_list import Wanted
from schemas.review import Stage
from web import review_acts, review_checklist
from web.pages import page
from web.review_forms import WORDS
from web.signed_in import Facade, LookedFor, Me

router = APIRouter()

_LONGEST_WORDS = 200
_LONGEST_NUMBER = 6


@router.get("/reviews")
async def show_list(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show one page of the list of reviews, as the address asks for it; what it asks wrongly is left out."""
    asked = request.query_params
    stage, number = asked.get("stage", ""), asked.get("page", "")
    typed = {
        "scope": "all" if asked.get("scope") == "all" else "open",
        "stage": stage if stage in list(Stage) else "",
        "department": "own" if asked.get("department") == "own" else "",
        "q": asked.get("q", "").strip()[:_LONGEST_WORDS],
    }
    wanted = Wanted(
        typed["scope"] == "all",
        Stage(typed["stage"]) if typed["stage"] else None,
        me.department if typed["department"] else "",
        typed["q"],
    )
    is_number = number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
    found = await minaoshi.reviews.page(wanted, as_=me.person, number=int(number) if is_number else 1)
    names = await minaoshi.reviews.names()
    return page(request, "reviews.html", found=found, names=names, stages=tuple(Stage), typed=typed)


@router.get("/reviews/{assessment}/{number}")
async def show(request: Request, minaoshi: Facade, me: Me, assessment: str, number: str) -> Response:
    """Show where a review stands."""
    detail = await minaoshi.reviews.detail(f"{assessment}/{number}", as_=me.person)
    return page(
        request,
        "review.html",
        detail=detail,
        stages=tuple(Stage),
        words=WORDS,
        awaited=detail.awaited,
    )


@router.get("/reviews/{assessment}/{number}/state")
async def show_state(minaoshi: Facade, me: LookedFor, assessment: str, number: str) -> Response:
    """Say how many acts the review has seen: a page left open learns by it that it is out of date."""
    sequence = await minaoshi.reviews.sequence(f"{assessment}/{number}", as_=me.person)
    return PlainTextResponse(str(sequence))


router.include_router(review_checklist.router)
router.include_router(review_acts.router)
