"""報告書の版の見え方 (versions of reports): each with what changed, chosen by name, and side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from client.errors import NotFoundError
from guideline.changes import table_of_changes
from guideline.report_versions import ReportVersion, former_of, versions_of
from schemas.base import Digest, Identifier, Instant, Message
from schemas.events import Filing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from register.register import Register
    from schemas.events import EventState


class ReportChange(Message):
    """報告書の変わった項目 (changed item of a report)."""

    item: str = Field(title="項目")
    before: str = Field(title="変更前の記載")
    after: str = Field(title="変更後の記載")


class ReportVersionRow(Message):
    """報告書の版の行 (a version as it is shown): who answers for it, what was filed, and what it changed."""

    version: str = Field(title="版の名（区分/番号）")
    label: str = Field(title="版")
    digest: Digest = Field(title="報告書のSHA-256")
    written_by: Identifier = Field(title="書いた者")
    approved_by: Identifier = Field(title="承認した者")
    approved_at: Instant = Field(title="承認した日時")
    facts_revision: int = Field(title="承認した時の事実の版")
    filings: tuple[Filing, ...] = Field(title="提出")
    corrects: str | None = Field(title="訂正する版")
    corrected_by: str | None = Field(title="訂正した版")
    compared_with: str | None = Field(title="比べた版")
    changes: tuple[ReportChange, ...] = Field(title="その版から変わった項目")


class ReportComparison(Message):
    """報告書の版の比較 (two versions side by side)."""

    before: str = Field(title="前の版")
    after: str = Field(title="後の版")
    changes: tuple[ReportChange, ...] = Field(title="変わった項目")


async def rows_of(register: Register, state: EventState) -> tuple[ReportVersionRow, ...]:
    """Give every version of the reports of an event, each with what changed since the one that it is compared with."""
    versions = versions_of(state)
    documents = {one.name: await document_of(register, one) for one in versions}
    return tuple(_row(one, former_of(one, versions), documents) for one in versions)


def _row(
    one: ReportVersion, former: ReportVersion | None, documents: Mapping[str, Mapping[str, object]]
) -> ReportVersionRow:
    return ReportVersionRow(
        version=one.name,
        label=one.label,
        digest=one.approval.digest,
        written_by=one.approval.written_by,
        approved_by=one.approval.approved_by,
        approved_at=one.approval.at,
        facts_revision=one.approval.facts_revision,
        filings=one.filings,
        corrects=one.corrects,
        corrected_by=one.corrected_by,
        compared_with=None if former is None else former.name,
        changes=() if former is None else _changes(documents[former.name], documents[one.name]),
    )


async def comparison_of(
    register: Register, state: EventState, versions: tuple[str, str] | None = None
) -> ReportComparison:
    """Compare two versions: the last one with what it takes the place of or follows, unless told.

    Raises NotFoundError where there is no such version, or none to compare with.
    """
    every = versions_of(state)
    after = chosen_of(every, None if versions is None else versions[1], state)
    former = former_of(after, every) if versions is None else chosen_of(every, versions[0], state)
    if former is None:
        raise NotFoundError(
            f"{after.label}より前に承認された報告書はありません。",
            where="版",
            remedy="次の報告書が承認された後に比べてください。",
        )
    changes = _changes(await document_of(register, former), await document_of(register, after))
    return ReportComparison(before=former.name, after=after.name, changes=changes)


def digest_named(state: EventState, given: str) -> str:
    """Give the digest of the version that is named; a digest is given back. Raises NotFoundError for a strange name."""
    return chosen_of(versions_of(state), given, state).approval.digest if "/" in given else given


def chosen_of(versions: Sequence[ReportVersion], given: str | None, state: EventState) -> ReportVersion:
    """Give the version that is named, a bare number being one of the kind approved last; the last one unless named."""
    if not versions:
        raise NotFoundError(
            f"リスク事案 {state.event_id} には、承認された報告書がまだありません。",
            where="版",
            remedy="`minaoshi event approve` で報告書を承認してください。案は --draft で書き出せます。",
        )
    last = versions[-1]
    name = last.name if given is None else f"{last.approval.kind.value}/{given}" if given.isdigit() else given
    chosen = next((one for one in versions if one.name == name), None)
    if chosen is None:
        raise NotFoundError(
            f"リスク事案 {state.event_id} の報告書に、版「{given}」はありません。",
            where="版",
            remedy=f"次のどれかを示してください: {'、'.join(one.name for one in versions)}",
        )
    return chosen


async def document_of(register: Register, one: ReportVersion) -> Mapping[str, object]:
    """Give the document of a version, as it was checked and stored."""
    return (await register.document(one.approval.digest)).content or {}


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[ReportChange, ...]:
    return tuple(
        ReportChange(item=one.label, before=one.before, after=one.after) for one in table_of_changes(before, after)
    )
