"""文書の書き出しと取り込み (documents): published versions as files, side by side, and taken in from elsewhere."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from client.comparisons import Comparison, compared, comparison_of
from client.errors import InvalidInputError, NotFoundError, no_organisation
from client.looking import not_in_full
from guideline.access import rendition_for
from guideline.deadlines import five_years_due_on
from guideline.provisions import NotInForceError
from guideline.renditions import Rendition
from guideline.withholding import TABLE, WithholdingError, WithholdingVerdict, rules_of_withholding
from rendering.arrangement import Arranged, arrange
from rendering.bundle import bundle, is_bundle
from rendering.comparison import comparison_page
from rendering.edition import Edition, public_edition
from rendering.pages import edition_page
from schemas.canonical import sha256_of
from schemas.courses import Course
from schemas.organisation import Body
from schemas.records import AuditAction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from pydantic import JsonValue

    from client.assessments import Assessments
    from client.comparisons import Found
    from client.looking import Looking
    from register.register import Register
    from schemas.records import AssessmentRecord, VersionRecord


class FileFormat(StrEnum):
    """書き出す形 (format of a file)."""

    XLSX = "xlsx"  # 表計算ファイル
    PDF = "pdf"  # PDF
    JSON = "json"  # 持ち運び用の一式（ZIP）
    HTML = "html"  # ページ


@dataclass(frozen=True, slots=True)
class Reading:
    """読む版 (a version to be read), with its documents in the arrangement of their forms."""

    edition: Edition
    documents: tuple[Arranged, ...]


_Kind = TypeVar("_Kind", bound=StrEnum)


def one_of(kinds: type[_Kind], given: str, *, where: str) -> _Kind:
    """Give the one that is meant; raises InvalidInputError with those that there are."""
    try:
        return kinds(given)
    except ValueError:
        called = (f"{one}（{one.label}）" if hasattr(one, "label") else str(one) for one in kinds)
        raise InvalidInputError(
            f"「{given}」は知りません。", where=where, remedy=f"{'、'.join(called)} のいずれかを書いてください。"
        ) from None


class Documents:
    """評価書一式を書き出し、比べ、取り込む."""

    def __init__(
        self, register: Register, assessments: Assessments, *, looking: Looking, now: Callable[[], datetime]
    ) -> None:
        self._register = register
        self._assessments = assessments
        self._looking = looking
        self._now = now

    async def rendition_for(self, person_id: str, assessment_id: str) -> Rendition:
        """Say how much of an assessment a person may see. Raises as `Assessments.show` does."""
        return rendition_for(await self._looking.assessment(assessment_id, viewer=person_id))

    async def permitted_rendition(self, person_id: str, assessment_id: str, wanted: str | None) -> Rendition:
        """Give the rendition that is wanted, else the fullest that the person may see.

        Raises NotPermittedError where all is wanted and the person sees what is published; as `rendition_for` does.
        """
        permitted = await self.rendition_for(person_id, assessment_id)
        rendition = permitted if wanted is None else one_of(Rendition, wanted, where="版面")
        if rendition is Rendition.FULL and permitted is not Rendition.FULL:
            raise not_in_full()
        return rendition

    @staticmethod
    def is_bundle(content: bytes) -> bool:
        """Say whether this is a bundle, or at least a ZIP, and not a table."""
        return is_bundle(content)

    async def export(
        self,
        assessment_id: str,
        *,
        as_: FileFormat | str,
        rendition: Rendition | str = Rendition.FULL,
        version: int | None = None,
        by: str | None = None,
    ) -> bytes:
        """Give a version as a file: the present one, unless told. The audit trail has it before the file is there.

        `by` is who is given it, else the operator. Raises as `permitted_rendition` does for who may not see it,
        NotFoundError for an unknown assessment or version, InvalidInputError for a legacy document, for parts
        that may not be withheld, for a format that there is not, and where a PDF lacks its font.
        """
        form, rendition = one_of(FileFormat, as_, where="形"), one_of(Rendition, rendition, where="版面")
        await self._see(assessment_id, rendition, by)
        edition = await self._chosen_edition(assessment_id, version, rendition)
        content = await asyncio.to_thread(_rendered, edition, form)
        detail = {"format": form.value, "rendition": rendition.value, "sha256": sha256_of(content)}
        await self._note(edition, rendition=rendition, by=by, detail=detail)
        return content

    async def to_be_decided(
        self, assessment_id: str, *, version: int | None = None, by: str | None = None
    ) -> tuple[str, ...]:
        """Say what a person must decide before the public rendition of a version is used. Raises as `export` does."""
        await self._see(assessment_id, Rendition.FULL, by)
        record, versions = await self._versions(assessment_id)
        chosen = _chosen(versions, version, record)
        verdicts = await self._verdicts(await self._edition(record, chosen), chosen)
        return tuple(sentence for verdict in verdicts for sentence in verdict.to_be_decided)

    async def compare(
        self,
        assessment_id: str,
        *,
        before: int | None = None,
        after: int | None = None,
        rendition: Rendition | str = Rendition.FULL,
        by: str | None = None,
    ) -> bytes:
        """Give two versions side by side as a page: the present one and the one before it, unless told.

        Raises NotFoundError where there is no such version, InvalidInputError where the later one is a legacy document;
        as `export` does for who may not see them.
        """
        await self._see(assessment_id, one_of(Rendition, rendition, where="版面"), by)
        then, shown, found, both = await self._compared(assessment_id, before, after, rendition=rendition)
        changed = [one for _, items in found for one in items]
        page = await asyncio.to_thread(comparison_page, then, shown, changed)
        detail: dict[str, JsonValue] = {"beside": then.version, "sha256": sha256_of(page)}
        await self._note(both, rendition=one_of(Rendition, rendition, where="版面"), by=by, detail=detail)
        return page

    async def comparison(  # noqa: PLR0913 # which two, how, and for whom
        self,
        assessment_id: str,
        *,
        before: int | None = None,
        after: int | None = None,
        rendition: Rendition | str = Rendition.FULL,
        everything: bool = False,
        by: str | None = None,
    ) -> Comparison:
        """Give the same to be shown; with `everything` also the items that did not change. Raises as `compare` does."""
        await self._see(assessment_id, one_of(Rendition, rendition, where="版面"), by)
        then, shown, found, both = await self._compared(
            assessment_id, before, after, rendition=rendition, everything=everything
        )
        await self._note_read(both, rendition=one_of(Rendition, rendition, where="版面"), by=by)
        return await asyncio.to_thread(comparison_of, then, shown, found)

    async def _compared(
        self,
        assessment_id: str,
        before: int | None,
        after: int | None,
        *,
        rendition: Rendition | str,
        everything: bool = False,
    ) -> tuple[Edition, Edition, Found, Edition]:
        """Give the former, the later, what differs, and the later with the documents of both: what was looked at."""
        rendition = one_of(Rendition, rendition, where="版面")
        record, versions = await self._versions(assessment_id)
        later = _chosen(versions, after, record)
        if before is None and later.number - 1 not in versions:
            raise NotFoundError(
                f"評価書「{assessment_id}」に、第{later.number}版より前の版はありません。",
                where="版",
                remedy="次の版が公表された後に比べるか、比べる版を示してください。",
            )
        earlier = _chosen(versions, later.number - 1 if before is None else before, record)
        edition = await self._edition(record, later)
        former = await self._contents(earlier)
        public = rendition is Rendition.PUBLIC
        shown = await self._public(edition, later) if public else edition
        try:
            found = await asyncio.to_thread(compared, former, edition.documents, public=public, everything=everything)
        except WithholdingError as error:  # of the former version: the later one has been looked at
            raise _not_to_be_withheld(error.faults) from None
        then = replace(shown, version=earlier.number, published_on=earlier.published_on, documents=(), changes=())
        both = replace(edition, documents=(*edition.documents, *(one for one in former if one is not None)))
        return then, shown, found, both

    async def read(
        self,
        assessment_id: str,
        *,
        version: int | None = None,
        rendition: Rendition | str = Rendition.FULL,
        by: str | None = None,
    ) -> Reading:
        """Give a version to be read on a page, in the arrangement of its form. Raises as `export` does."""
        rendition = one_of(Rendition, rendition, where="版面")
        await self._see(assessment_id, rendition, by)
        edition = await self._chosen_edition(assessment_id, version, rendition)
        await self._note_read(edition, rendition=rendition, by=by)
        return Reading(edition, await asyncio.to_thread(arrange, edition))

    async def _see(self, assessment_id: str, rendition: Rendition, by: str | None) -> None:
        if by is not None:
            await self.permitted_rendition(by, assessment_id, rendition.value)

    async def _chosen_edition(self, assessment_id: str, version: int | None, rendition: Rendition) -> Edition:
        record, versions = await self._versions(assessment_id)
        chosen = _chosen(versions, version, record)
        edition = await self._edition(record, chosen)
        return await self._public(edition, chosen) if rendition is Rendition.PUBLIC else edition

    async def _note_read(self, edition: Edition, *, rendition: Rendition, by: str | None) -> None:
        """Note that somebody read parts that are not published; nothing where there are none."""
        if by is not None and _holds_withheld(edition, rendition):
            subject = f"{edition.assessment_id}/{edition.version}"
            await self._register.note(
                AuditAction.READ_WITHHELD, actor=by, subject=subject, at=self._now(), detail={"format": "page"}
            )

    async def _note(
        self, edition: Edition, *, rendition: Rendition, by: str | None, detail: Mapping[str, JsonValue]
    ) -> None:
        """Note who was given a version as a file, and whether parts that are not published were in it."""
        kind = AuditAction.READ_WITHHELD if _holds_withheld(edition, rendition) else AuditAction.EXPORTED
        subject = f"{edition.assessment_id}/{edition.version}"
        await self._register.note(kind, actor=by or "operator", subject=subject, at=self._now(), detail=detail)

    async def _versions(self, assessment_id: str) -> tuple[AssessmentRecord, dict[int, VersionRecord]]:
        record = await self._assessments.show(assessment_id)
        return record, {one.number: one for one in await self._register.versions(assessment_id)}

    async def _contents(self, version: VersionRecord) -> tuple[Mapping[str, object] | None, ...]:
        return tuple([(await self._register.document(one.sha256)).content for one in version.manifest.documents])

    async def _edition(self, record: AssessmentRecord, version: VersionRecord) -> Edition:
        contents = await self._contents(version)
        documents = tuple(content for content in contents if content is not None)
        if len(documents) != len(contents):
            raise InvalidInputError(
                f"評価書「{record.assessment_id}」の第{version.number}版は旧様式の文書であり、内容が台帳にありません。",
                where="版",
                remedy="公表された文書そのものを用いるか、現行の様式による版を示してください。",
            )
        body = await self._body(record.body)
        return Edition(
            assessment_id=record.assessment_id,
            number=record.number,
            name=record.name,
            body=record.body,
            body_name=body.name,
            required_level=record.required_level,
            effective_level=record.effective_level,
            version=version.number,
            published_on=version.published_on,
            documents=documents,
            changes=version.changes,
            systems=record.systems,
            files=record.files,
            five_years_due_on=await self._five_years_due_on(record, version),
        )

    async def _five_years_due_on(self, record: AssessmentRecord, version: VersionRecord) -> date | None:
        """Give the day that counts from the last 実施 or 再実施 up to a version; a 修正 is none (規則15条)."""
        reassessed: list[VersionRecord] = []
        versions = await self._register.versions(record.assessment_id)
        for one in versions:
            review = None if one.review_id is None else await self._register.review(one.review_id)
            reassessed += [one] if review is not None and review.state.course is Course.REASSESS else []
        before = [one.published_on for one in reassessed if one.number <= version.number]
        if before:
            return five_years_due_on(before[-1])
        return five_years_due_on(versions[0].published_on) if reassessed else record.five_years_due_on

    async def _body(self, body: str) -> Body:
        try:
            organisation = (await self._register.current_organisation()).organisation
            return next(one for one in organisation.bodies if one.id == body)
        except (LookupError, StopIteration):
            raise no_organisation() from None

    async def _public(self, edition: Edition, version: VersionRecord) -> Edition:
        faults = tuple(fault for one in await self._verdicts(edition, version) for fault in one.faults)
        if faults:
            raise _not_to_be_withheld(faults)
        return public_edition(edition)

    async def _verdicts(self, edition: Edition, version: VersionRecord) -> list[WithholdingVerdict]:
        """Hold each document against the rule; the course is that of the review which published the version."""
        review = None if version.review_id is None else await self._register.review(version.review_id)
        course = None if review is None else review.state.course
        kind = (await self._body(edition.body)).kind
        try:
            return [
                rules_of_withholding(one, body_kind=kind, course=course, on=version.published_on)
                for one in edition.documents
            ]
        except NotInForceError as error:
            raise InvalidInputError(str(error), where="公表日", remedy="公表日を確かめてください。") from None


def _holds_withheld(edition: Edition, rendition: Rendition) -> bool:
    return rendition is Rendition.FULL and any(one.get(TABLE) for one in edition.documents)


def _chosen(versions: Mapping[int, VersionRecord], number: int | None, record: AssessmentRecord) -> VersionRecord:
    if not versions:
        raise NotFoundError(
            f"評価書「{record.assessment_id}」はまだ公表されていません。",
            where="版",
            remedy="公表された後に書き出してください。",
        )
    chosen = versions.get(record.version if number is None else number)
    if chosen is None:
        raise NotFoundError(
            f"評価書「{record.assessment_id}」に第{number}版はありません"
            f"（第{min(versions)}版から第{max(versions)}版まで）。",
            where="版",
            remedy="`minaoshi assessment history` で版を確かめてください。",
        )
    return chosen


def _rendered(edition: Edition, as_: FileFormat) -> bytes:
    if as_ is FileFormat.JSON:
        return bundle(edition)
    if as_ is FileFormat.HTML:
        return edition_page(edition)
    if as_ is FileFormat.XLSX:
        from rendering.sheets import workbook  # noqa: PLC0415 # it takes a while to load, and most commands need it not

        return workbook(edition)
    from rendering.pdf import NoFontError, document  # noqa: PLC0415 # as above

    try:
        return document(edition)
    except NoFontError as error:
        raise InvalidInputError(str(error), where="書体", remedy=error.remedy) from None


def _not_to_be_withheld(faults: tuple[str, ...]) -> InvalidInputError:
    return InvalidInputError(
        f"公表しない部分に{len(faults)}件の誤りがあり、公表用を作れません。",
        where="公表しない部分",
        remedy="見直しを通じて、公表しない部分の表を直してください。",
        faults=faults,
    )
