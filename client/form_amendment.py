"""様式の改正 (form amendment): every published assessment that stands on an older version of its form is examined."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from client.errors import ActRefusedError, InvalidInputError
from guideline.deadlines import tokyo_date
from guideline.form_versions import FormVersionRow, version_in_force
from guideline.refusals import refuse
from schemas.acts import ActKind
from schemas.base import Message
from schemas.organisation import Actor, Role
from schemas.records import AssessmentRecord, ReportedReview, Standing
from schemas.reports import ChangeKind, ChangeReport

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from client.acting import Acting
    from client.reports import Reports
    from register.register import Register

FORM = "basic_items"
AT_ONCE = 8
"""How many reports are under way at the same time."""


class Amended(Message):
    """改正の報告の結果 (what was done about an amended form)."""

    version: str
    reviews: tuple[ReportedReview, ...]
    known: int


class FormAmendments:
    """様式の改正を報告する."""

    def __init__(self, register: Register, acting: Acting, reports: Reports, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._acting = acting
        self._reports = reports
        self._now = now

    async def report(self, *, as_: str, told: Callable[[int, int], None] | None = None) -> Amended:
        """Open or join the review of each published assessment of the body that stands on an older version of 様式2.

        Each is a report of its own, `form-amended/…`: doing it again reports only what was not reported before.
        `told` is called with how many are done, of how many. Raises ActRefusedError for one who is not of the team, and
        InvalidInputError on a day on which no version is known.
        """
        actor = await self._acting.actor(as_, act=ActKind.ACKNOWLEDGE)
        if actor.role is not Role.TEAM_MEMBER:
            refusal = refuse("role", role=actor.role.label, act="様式の改正の報告", allowed="対策チーム").refusal
            raise ActRefusedError(refusal)
        row = self._in_force()
        behind = await self._behind(row, actor)
        new = [one for one in behind if await self._register.report(_act_id(row, one)) is None]
        door = asyncio.Semaphore(AT_ONCE)
        done: list[ReportedReview] = []

        async def in_turn(one: AssessmentRecord) -> None:
            async with door:
                content = _report(row, one).model_dump_json().encode()
                done.extend(await self._reports.change(content, as_=as_, act_id=_act_id(row, one)))
            if told is not None:
                told(len(done), len(new))

        await asyncio.gather(*(in_turn(one) for one in new))
        reviews = tuple(sorted(done, key=lambda one: one.assessment_id))
        return Amended(version=row.version, reviews=reviews, known=len(behind) - len(new))

    def _in_force(self) -> FormVersionRow:
        row = version_in_force(FORM, on=tokyo_date(self._now()))
        if row is None:
            raise InvalidInputError(
                "今日適用される様式の版が分かりません。", where="様式", remedy="時計を確かめてください。"
            )
        return row

    async def _behind(self, row: FormVersionRow, actor: Actor) -> tuple[AssessmentRecord, ...]:
        return tuple(
            one
            for one in await self._register.assessments(body=actor.body)
            if one.standing is Standing.PUBLISHED and _version_of(one) != row.version
        )


def _version_of(assessment: AssessmentRecord) -> str | None:
    documents = assessment.manifest.documents if assessment.manifest else ()
    validated = [one.form_version for one in documents if one.form == FORM and assessment.validated]
    return validated[0] if validated else None


def _act_id(row: FormVersionRow, assessment: AssessmentRecord) -> str:
    return f"form-amended/{row.form}/{row.version}/{assessment.assessment_id}"


def _report(row: FormVersionRow, assessment: AssessmentRecord) -> ChangeReport:
    return ChangeReport(
        assessments=(assessment.assessment_id,),
        kind=ChangeKind.FORM_AMENDED,
        title=f"様式2の改正（{row.era_label}）",
        facts=f"公表中の評価書は、{row.era_label}の様式より前の様式によるものである。記載の要否を検討する。",
        known_on=row.in_force_on,
    )
