"""判断を試す (trying the rules): what would follow, asked by an address that can be shared; nothing is recorded."""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from client.appendix_items import appendix_items
from client.breaches import Breaches
from client.errors import CallerError, InvalidInputError
from client.input import message_from
from client.minaoshi import Minaoshi
from client.questions import ChangeQuestion, DeadlineQuestion, ThresholdQuestion
from guideline.deadlines import tokyo_date
from schemas.levels import Level
from schemas.reports import ChangeKind
from web.event_facts import fact_groups
from web.failures import failure_of
from web.fields import Field, Kind, content_of
from web.pages import page
from web.posted import Posted
from web.shown import title_of
from web.signed_in import Facade, Me

router = APIRouter()


@dataclass(frozen=True)
class Question:
    """問い (question): its address, its words, its fields in groups, and who answers it."""

    slug: str
    title: str
    english: str
    lead: str
    groups: Callable[[], tuple[tuple[str, str, tuple[Field, ...]], ...]]
    answer: Callable[[Minaoshi, bytes, str], Awaitable[Any]]

    @property
    def template(self) -> str:
        """The page that shows the answer."""
        return f"explain_{self.slug}.html"


def _titled(model: Any, name: str, kind: Kind = Kind.TEXT, **more: Any) -> Field:
    return Field(name, title_of(model, name), kind, **more)


def _threshold_groups() -> tuple[tuple[str, str, tuple[Field, ...]], ...]:
    fields = (
        _titled(ThresholdQuestion, "data_subjects", Kind.NUMBER, required=True),
        _titled(ThresholdQuestion, "handlers", Kind.NUMBER, required=True),
        _titled(ThresholdQuestion, "serious_incident", Kind.YES_NO, required=True),
        _titled(ThresholdQuestion, "on", Kind.DAY),
    )
    return (("条件", "The case", fields),)


async def _threshold(minaoshi: Minaoshi, content: bytes, _: str) -> Any:
    asked = message_from(ThresholdQuestion, content, where="しきい値判断")
    return minaoshi.threshold(
        data_subjects=asked.data_subjects, handlers=asked.handlers, serious_incident=asked.serious_incident, on=asked.on
    )


def _change_groups() -> tuple[tuple[str, str, tuple[Field, ...]], ...]:
    kinds = tuple((one.value, one.label) for one in ChangeKind)
    levels = tuple((one.value, one.label) for one in Level if one is not Level.NOT_REQUIRED)
    fields = (
        _titled(ChangeQuestion, "kind", Kind.CHOICE, choices=kinds, required=True),
        _titled(
            ChangeQuestion,
            "level",
            Kind.CHOICE,
            choices=(*levels, ("", "評価書から")),
            help="評価の種類か、評価書の識別子のどちらかを示してください。",
        ),
        _titled(ChangeQuestion, "assessment", Kind.LINE, help="識別子は「評価書」の一覧で確かめられます。"),
        _titled(ChangeQuestion, "takes_effect_on", Kind.DAY),
        _titled(ChangeQuestion, "known_on", Kind.DAY),
        _titled(ChangeQuestion, "items", Kind.CHOICES, help="別表の項目です。選ばなければ、変更の種類から判断します。"),
        _titled(ChangeQuestion, "data_subjects", Kind.NUMBER, help="人数の増減のときだけ書いてください。"),
        _titled(ChangeQuestion, "handlers", Kind.NUMBER, help="人数の増減のときだけ書いてください。"),
        _titled(ChangeQuestion, "emergency", Kind.LINE, help="緊急に実施する必要があるときだけ書いてください。"),
    )
    return (("どんな変更か", "The change", fields),)


async def _change(minaoshi: Minaoshi, content: bytes, person: str) -> Any:
    asked = message_from(ChangeQuestion, content, where="試す変更")
    if asked.level is None and asked.assessment is None:
        what = "評価の種類か、評価書の識別子のどちらかを示してください。"
        raise InvalidInputError(what, where="試す変更", remedy="示して、もう一度送ってください。", at={"level": what})
    said = asked.model_dump(mode="json", exclude={"level", "assessment"}, exclude_none=True)
    report = {
        "report": "change",
        "known_on": tokyo_date(datetime.now(UTC)).isoformat(),
        "title": "試し",
        "facts": "試し",
        **said,
        "assessments": [asked.assessment or _NOBODYS],
    }
    return await minaoshi.explanations.change(json.dumps(report).encode(), level=asked.level, viewer=person)


_NOBODYS = "none"
"""どの評価書でもない: a report names one at least; where the level is told, none is looked up."""


def _breach_groups() -> tuple[tuple[str, str, tuple[Field, ...]], ...]:
    return tuple(one for one in fact_groups() if one[1] not in {"Who reports", "Notice to the persons"})


async def _breach(_: Minaoshi, content: bytes, _person: str) -> Any:
    return Breaches.classify(content)


def _deadline_groups() -> tuple[tuple[str, str, tuple[Field, ...]], ...]:
    situations = (
        ("1", "第1号（情報システムで管理される特定個人情報の漏えい等）"),
        ("2", "第2号（不正の目的による漏えい等、利用、提供）"),
        ("3", "第3号（不特定多数の者の閲覧）"),
        ("4", "第4号（百人を超える本人）"),
    )
    fields = (
        _titled(DeadlineQuestion, "known_on", Kind.DAY, required=True),
        _titled(DeadlineQuestion, "situations", Kind.CHOICES, choices=situations, required=True),
    )
    return (("いつ、何が", "When and what", fields),)


async def _deadlines(_: Minaoshi, content: bytes, _person: str) -> Any:
    asked = message_from(DeadlineQuestion, content, where="漏えい等報告の期限")
    return Breaches.deadlines(asked.known_on, [int(one) for one in asked.situations])


QUESTIONS = {
    one.slug: one
    for one in (
        Question(
            "threshold",
            "どの評価が要るか（しきい値判断）",
            "Threshold analysis",
            "対象人数、取扱者数、重大事故の有無から、義務となる評価の種類を示します。",
            _threshold_groups,
            _threshold,
        ),
        Question(
            "change",
            "その変更は、重要な変更か",
            "Material change",
            "変更から、再実施・修正・検討のどれが、いつまでに求められるかを示します。",
            _change_groups,
            _change,
        ),
        Question(
            "breach",
            "漏えい等の報告を要するか",
            "Is a breach reportable",
            "分かっている事実から、個人情報保護委員会への報告の要否を示します。分からないことは空のままでかまいません。",
            _breach_groups,
            _breach,
        ),
        Question(
            "deadlines",
            "漏えい等の報告は、いつまでか",
            "Deadlines of a report",
            "知った日と事態から、速報と確報の期限を数えます。知った日を一日目とします。",
            _deadline_groups,
            _deadlines,
        ),
    )
}
"""問い: every question, by its address."""


@router.get("/explain")
async def choose(request: Request, _: Me) -> Response:
    """Show what may be asked."""
    return page(request, "explain.html", questions=QUESTIONS.values())


@router.get("/explain/{slug}")
async def ask(request: Request, minaoshi: Facade, me: Me, slug: str) -> Response:
    """Answer a question; the address holds all that is asked, and can be kept and shared."""
    if slug not in QUESTIONS:
        raise HTTPException(404)
    question = QUESTIONS[slug]
    groups = question.groups()
    asked = _asked(request)
    answer = failure = None
    if asked.values:
        try:
            answer = await question.answer(minaoshi, content_of(_fields(groups), asked), me.person)
        except CallerError as error:
            failure = failure_of(error)
    return page(
        request,
        question.template,
        status=failure.status if failure else 200,
        question=question,
        groups=groups,
        fields=_fields(groups),
        values=asked.values,
        answer=answer,
        failure=failure,
        appendix=appendix_items(on=tokyo_date(datetime.now(UTC))),
    )


def _asked(request: Request) -> Posted:
    query = request.query_params
    return Posted("", {name: query.getlist(name) for name in query})


def _fields(groups: Iterable[tuple[str, str, tuple[Field, ...]]]) -> tuple[Field, ...]:
    return tuple(field for _, _, fields in groups for field in fields)
