"""計画管理書 (plan register, 様式1): derived from the register whenever it is asked for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from client.errors import InvalidInputError, NotFoundError, no_organisation
from guideline.deadlines import tokyo_date
from guideline.plan_register import plan_of
from guideline.provisions import NotInForceError
from schemas.acts import StepRecord
from schemas.canonical import digest_of
from schemas.forms.catalogue import choices, load
from schemas.plan import FORM, FORM_VERSION, plan_document
from schemas.records import StoredDocument

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from client.looking import Looking
    from guideline.access import Sight
    from register.register import Register
    from schemas.organisation import Body, Organisation
    from schemas.plan import AssessmentFacts, Plan, PlanRow
    from schemas.records import ReviewRecord


@dataclass(frozen=True, slots=True)
class PlanCell:
    """計画管理書の欄 (cell of the plan), in the words of the form; `day` is there where it is one."""

    name: str
    title: str
    words: str
    day: date | None


def worded(row: PlanRow) -> tuple[PlanCell, ...]:
    """Give what a row says, column by column, in the order and the words of the form; empty columns are left out."""
    schema = load(FORM, FORM_VERSION).schema
    nodes = schema["properties"]["assessments"]["items"]["properties"]
    stated = row.model_dump(mode="json", exclude_none=True)
    return tuple(
        PlanCell(
            name,
            node["title"],
            choices(schema, node).get(stated[name], stated[name]),
            day=value if isinstance(value := getattr(row, name), date) else None,
        )
        for name, node in nodes.items()
        if name in stated
    )


COLUMNS = (
    ("番号", ("number",)),
    ("評価書名・担当部署", ("name", "department")),
    (
        "しきい値判断・評価の種類",
        ("data_subjects", "handlers", "serious_incident", "required_level", "effective_level"),
    ),
    (
        "予定",
        ("planned_on", "requirements_end_on", "programming_start_on", "hold_start_on", "network_link_start_on"),
    ),
    ("手続", ("public_comment", "public_comment_on", "third_party_check", "third_party_check_on")),
    ("提出・公表・見直し", ("submitted_on", "published_on", "verified_on", "five_years_due_on")),
    ("状況", ("standing", "ended_on")),
)
"""表の列: which columns of 様式1 stand together in one; the 取りまとめ機関 is that of the title."""

_SPEAK_FOR_THEMSELVES = frozenset({"number", "name", "department", "data_subjects", "handlers", "standing"})


def in_columns(row: PlanRow) -> tuple[tuple[tuple[str, PlanCell], ...], ...]:
    """Put the cells of a row into those columns, each with its title where it needs one."""
    cells = {cell.name: cell for cell in worded(row)}
    return tuple(
        tuple(
            ("" if name in _SPEAK_FOR_THEMSELVES else cells[name].title, cells[name]) for name in names if name in cells
        )
        for _, names in COLUMNS
    )


class Plans:
    """計画管理書を作る."""

    def __init__(self, register: Register, *, looking: Looking, now: Callable[[], datetime]) -> None:
        self._register = register
        self._looking = looking
        self._now = now

    async def show(
        self, *, body: str | None = None, on: date | None = None, viewer: str | None = None
    ) -> tuple[Plan, ...]:
        """Give the plan of each body, or of the one that is named, as the register stands; `on` is its date.

        To a viewer that of their own body, with the assessments that they see. Raises NotFoundError without an
        organisation and for an unknown body, and InvalidInputError for a day before the rules that are known here.
        """
        sight = await self._looking.sight(viewer)
        return await _plans_of(self._register, body=body, on=on or tokyo_date(self._now()), sight=sight)


PAPER = "計画管理書"
"""根拠資料の名称: how the plan is called among the papers of a submission."""


async def plan_for_submission(
    register: Register, record: ReviewRecord, *, act_id: str | None, at: datetime
) -> StoredDocument:
    """Give the plan that goes with a submission (規則3条), as the register stands.

    The same act sent again must say the same: it is given the plan that it named when it was recorded.
    """
    acts = await register.acts_of(record.review_id) if act_id is not None else ()
    recorded = [one.act for one in acts if isinstance(one.act, StepRecord) and one.act.act_id == act_id]
    named = [paper.sha256 for act in recorded for paper in act.evidence if paper.title == PAPER]
    if named:
        return await register.document(named[0])
    body = record.state.opening.body
    (plan,) = await _plans_of(register, body=body, on=tokyo_date(at), sight=None)
    content = plan_document(plan)
    return StoredDocument(sha256=digest_of(content), form=FORM, form_version=FORM_VERSION, content=content)


async def _plans_of(register: Register, *, body: str | None, on: date, sight: Sight | None) -> tuple[Plan, ...]:
    try:
        organisation = (await register.current_organisation()).organisation
    except LookupError:
        raise no_organisation() from None
    seen = [one for one in organisation.bodies if sight is None or one.id == sight.body]
    bodies = [one for one in seen if body in (None, one.id)]
    if not bodies:
        raise NotFoundError(
            f"評価実施機関「{body}」は組織表にありません。",
            where="評価実施機関",
            remedy="組織表にある機関の識別子を書いてください。",
        )
    facts = await register.lists.plan_facts(body=body, sight=sight)
    try:
        # Of ten thousand assessments it takes a while, in which the event loop must go on.
        return await asyncio.to_thread(_plans, bodies, facts, organisation, on)
    except NotInForceError as error:
        raise InvalidInputError(str(error), where="作成日", remedy="作成日を確かめてください。") from None


def _plans(
    bodies: list[Body], facts: tuple[AssessmentFacts, ...], organisation: Organisation, on: date
) -> tuple[Plan, ...]:
    return tuple(
        plan_of(body, (one for one in facts if one.record.body == body.id), organisation=organisation, on=on)
        for body in bodies
    )
