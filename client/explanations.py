"""説明 (explanations): what follows from a change, before anything is reported; nothing is recorded."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING

from client.errors import InvalidDocumentError, InvalidInputError, NotFoundError
from client.input import message_from
from guideline.consequences import Consequence, consequence_of_difference, consequence_of_report
from guideline.deadlines import tokyo_date
from guideline.document_sets import BASIC, FORMS
from guideline.level_change import StatedNumbers, stated_numbers
from guideline.threshold import level_of_new_business
from schemas.forms.parsing import parse
from schemas.forms.validation import validate
from schemas.levels import Level
from schemas.reports import AnyReport, ChangeReport, EndOfBusiness, NewBusiness, RiskEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from client.looking import Looking
    from register.register import Register
    from schemas.records import AssessmentRecord

_REPORTS: MappingProxyType[str, type[AnyReport]] = MappingProxyType(
    {"change": ChangeReport, "risk": RiskEvent, "new_business": NewBusiness, "end_of_business": EndOfBusiness}
)


class Explanations:
    """変更の帰結を説明する."""

    def __init__(self, register: Register, *, looking: Looking, now: Callable[[], datetime]) -> None:
        self._register = register
        self._looking = looking
        self._now = now

    async def change(self, content: bytes, *, level: Level | None = None, viewer: str | None = None) -> Consequence:
        """Say what would follow from a report, by the level of the assessment that it names.

        Where it names several, by the one of the highest level. `level` is taken instead of what the register holds.
        Raises InvalidInputError; NotFoundError and NotPermittedError for an assessment that the viewer does not see.
        """
        report = _report_from(content)
        today = tokyo_date(self._now())
        if isinstance(report, NewBusiness):
            effective = level_of_new_business(report, on=today).effective
            return consequence_of_report(report, level=level or effective, on=today)
        if level is not None:
            return consequence_of_report(report, level=level, on=today)
        if not report.assessments:
            raise InvalidInputError(
                "関係する評価書が示されていません。",
                where="assessments",
                remedy="評価書の識別子を書くか、評価の種類を --level で指定してください。",
            )
        for one in report.assessments:
            await self._looking.assessment(one, viewer=viewer)
        records = [await self._record(one) for one in report.assessments]
        highest = max(records, key=lambda one: one.effective_level.rank)
        stated = await self._stated(highest)
        return consequence_of_report(report, level=highest.effective_level, on=today, stated=stated)

    async def _record(self, assessment_id: str) -> AssessmentRecord:
        try:
            return await self._register.assessment(assessment_id)
        except LookupError:
            raise NotFoundError(
                f"評価書「{assessment_id}」は台帳にありません。",
                where="assessments",
                remedy="`minaoshi assessment list` で識別子を確かめるか、評価の種類を --level で指定してください。",
            ) from None

    async def _stated(self, record: AssessmentRecord) -> StatedNumbers | None:
        entries = record.manifest.documents if record.manifest else ()
        basic = next((one for one in entries if one.form == BASIC), None)
        return stated_numbers((await self._register.document(basic.sha256)).content) if basic else None


def difference(before: bytes, after: bytes, *, at: datetime, takes_effect_on: date | None = None) -> Consequence:
    """Say what would follow from the difference of two documents on the same form.

    They may be incomplete or invalid as drafts are, but must be on a form that is known. Raises InvalidDocumentError,
    and InvalidInputError for documents that can't be compared.
    """
    old, new = _document_from(before, "前の文書"), _document_from(after, "後の文書")
    if old["form"] != new["form"]:
        names = "と".join(FORMS.get(str(one["form"]), str(one["form"])) for one in (old, new))
        raise InvalidInputError(
            f"様式が異なるため比べられません（{names}）。",
            where="二つの文書",
            remedy="同じ様式の文書を二つ指定してください。",
        )
    return consequence_of_difference(old, new, on=tokyo_date(at), takes_effect_on=takes_effect_on)


def _report_from(content: bytes) -> AnyReport:
    try:
        data = json.loads(content)
    except ValueError:
        data = {}
    kind = data.get("report", "change") if isinstance(data, dict) else "change"
    return message_from(_REPORTS.get(str(kind), ChangeReport), content, where="説明する報告")


def _document_from(content: bytes, where: str) -> Mapping[str, object]:
    """Read a document of a form that is known; its mistakes do not hinder a comparison."""
    parsed = parse(content)
    document = parsed.document
    errors = parsed.errors or tuple(
        error for error in validate(document) if error.rule in ("not_an_object", "unknown_form", "unknown_form_version")
    )
    if errors:
        raise InvalidDocumentError(errors)
    if not isinstance(document, dict) or not {"form", "form_version"} <= document.keys():
        raise InvalidInputError(
            "様式が記されていません。", where=where, remedy="form と form_version を記してください。"
        )
    return document
