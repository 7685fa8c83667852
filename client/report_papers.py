"""報告書の書き出し (reports as files): an approved version with the record of it, or a draft that says so."""

from __future__ import annotations

import asyncio
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from client.breach_documents import draft_for
from client.documents import one_of
from client.errors import InvalidInputError
from client.report_versions import chosen_of, document_of
from guideline.deadlines import tokyo_date
from guideline.organisation import person_of
from guideline.report_versions import ReportVersion, label_of, versions_of
from rendering.reports import ReportPaper, report_page
from schemas.breach import ReportKind
from schemas.canonical import canonical_bytes
from schemas.event_acts import ReportApproving
from schemas.events import Filing
from schemas.forms.wording import japanese_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from register.register import Register
    from schemas.events import EventState
    from schemas.organisation import Organisation

RECEIVER = "個人情報保護委員会"
"""報告の宛先: whom every report is filed with (番号法29条の4)."""


class ReportFormat(StrEnum):
    """報告書を書き出す形 (format of a report as a file)."""

    PDF = "pdf"  # PDF
    JSON = "json"  # 台帳にある文書そのもの
    HTML = "html"  # ページ


async def export_version(register: Register, state: EventState, *, as_: str, version: str | None) -> bytes:
    """Give a version as a file, the last one unless told.

    Raises NotFoundError for a version that there is not, InvalidInputError for a format that there is not, and where a
    PDF lacks its font.
    """
    form = one_of(ReportFormat, as_, where="形")
    chosen = chosen_of(versions_of(state), version, state)
    organisation = await _organisation_of(register, state, chosen)
    paper = _paper(state, chosen, document=await document_of(register, chosen), organisation=organisation)
    return await asyncio.to_thread(_rendered, paper, form)


async def export_draft(state: EventState, *, as_: str, kind: str, on: date) -> bytes:
    """Give a draft of that kind as a file. Raises InvalidInputError as `export_version` does, and for another kind."""
    form, of_kind = one_of(ReportFormat, as_, where="形"), one_of(ReportKind, kind, where="報告の区分")
    return await asyncio.to_thread(_rendered, _draft(state, kind=of_kind, on=on), form)


def _draft(state: EventState, *, kind: ReportKind, on: date) -> ReportPaper:
    document = draft_for(state, kind=kind, on=on)
    return ReportPaper(
        title=f"{kind.label}（案）　{state.title}",
        body=_body(document, state),
        label="案",
        dated_on=on,
        facts=(*_facts(state, kind.label), "案: 承認されていません。この案は提出できません。"),
        document=document,
        is_draft=True,
    )


def _paper(
    state: EventState, one: ReportVersion, *, document: Mapping[str, object], organisation: Organisation
) -> ReportPaper:
    approval = one.approval
    record = [
        ("報告書を書いた者", _called(approval.written_by, organisation)),
        ("承認した者", _called(approval.approved_by, organisation)),
        ("承認した日", japanese_day(tokyo_date(approval.at))),
        ("報告書のSHA-256", approval.digest),
        *(("提出", _filed(filing, one)) for filing in one.filings),
    ]
    if not one.filings:
        record.append(("提出", "提出の記録はまだありません。"))
    if one.corrected_by is not None:
        record.append(("訂正", f"{label_of(one.corrected_by)}により訂正されました。"))
    return ReportPaper(
        title=f"{approval.kind.label}　{state.title}",
        body=_body(document, state),
        label=one.label,
        dated_on=tokyo_date(approval.at),
        facts=_facts(state, one.label),
        document=document,
        record=tuple(record),
    )


def _facts(state: EventState, what: str) -> tuple[str, ...]:
    return (f"宛先: {RECEIVER}", f"報告の区分: {what}", f"リスク事案: {state.title}（{state.event_id}）")


def _body(document: Mapping[str, object], state: EventState) -> str:
    """Give the body as the document names it, which later facts do not change."""
    cover = document.get("cover")
    named = cover.get("body") if isinstance(cover, dict) else None
    return str(named or state.body)


def _called(person_id: str, organisation: Organisation) -> str:
    person = person_of(organisation, person_id)
    return person_id if person is None else f"{person.name}（{person_id}）"


def _filed(filing: Filing, one: ReportVersion) -> str:
    said = f"{japanese_day(filing.filed_on)}　{filing.kind.label}　受付番号 {filing.receipt_number}"
    if filing.correction is None or one.corrects is None:
        return said
    return f"{said}\n{label_of(one.corrects)}を訂正。理由: {filing.correction.reason}"


def _rendered(paper: ReportPaper, form: ReportFormat) -> bytes:
    if form is ReportFormat.JSON:
        return canonical_bytes(paper.document)
    if form is ReportFormat.HTML:
        return report_page(paper)
    from rendering.pdf import NoFontError, report  # noqa: PLC0415 # it takes a while to load

    try:
        return report(paper)
    except NoFontError as error:
        raise InvalidInputError(str(error), where="書体", remedy=error.remedy) from None


async def _organisation_of(register: Register, state: EventState, one: ReportVersion) -> Organisation:
    """Give the organisation by which a version was approved: names that change later do not change its paper."""
    acts = (record.act for record in (await register.event_history(state.event_id)).acts)
    approving = next(act for act in acts if isinstance(act, ReportApproving) and act.digest == one.approval.digest)
    return (await register.organisation_revision(approving.actor.organisation_revision)).organisation
