"""文書の書き出しと取り込み (documents): published versions as files, side by side, and taken in from elsewhere."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from client.assessments import already_there, check_owner
from client.drafts import agree, document_from
from client.errors import InvalidInputError, NotFoundError, no_organisation
from client.takeover import TakenOver
from guideline.changes import ChangedItem, table_of_changes
from guideline.deadlines import five_years_due_on, yearly_due_on
from guideline.provisions import NotInForceError
from guideline.renditions import Rendition, public_comparison
from guideline.withholding import WithholdingError, WithholdingVerdict, rules_of_withholding
from register.assessments import First
from register.errors import AlreadyThereError
from rendering.bundle import BundleError, bundle, edition_from, is_bundle
from rendering.comparison import comparison_page
from rendering.edition import Edition, public_edition
from rendering.pages import edition_page
from schemas.canonical import canonical_bytes
from schemas.courses import Course
from schemas.organisation import Body
from schemas.records import NewAssessment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from client.assessments import Assessments
    from register.register import Register
    from schemas.records import AssessmentRecord, VersionRecord


class FileFormat(StrEnum):
    """書き出す形 (format of a file)."""

    XLSX = "xlsx"  # 表計算ファイル
    PDF = "pdf"  # PDF
    JSON = "json"  # 持ち運び用の一式（ZIP）
    HTML = "html"  # ページ


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

    def __init__(self, register: Register, assessments: Assessments, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._assessments = assessments
        self._now = now

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
    ) -> bytes:
        """Give a version as a file: the present one, unless told.

        Raises NotFoundError for an unknown assessment or version, InvalidInputError for a legacy document, for parts
        that may not be withheld, for a format that there is not, and where a PDF lacks its font.
        """
        form, rendition = one_of(FileFormat, as_, where="形"), one_of(Rendition, rendition, where="版面")
        record, versions = await self._versions(assessment_id)
        chosen = _chosen(versions, version, record)
        edition = await self._edition(record, chosen)
        if rendition is Rendition.PUBLIC:
            edition = await self._public(edition, chosen)
        return await asyncio.to_thread(_rendered, edition, form)

    async def to_be_decided(self, assessment_id: str, *, version: int | None = None) -> tuple[str, ...]:
        """Say what a person must decide before the public rendition of a version is used. Raises as `export` does."""
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
    ) -> bytes:
        """Give two versions side by side as a page: the present one and the one before it, unless told.

        Raises NotFoundError where there is no such version, InvalidInputError where the later one is a legacy document.
        """
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
            changed = _changed(former, edition.documents, public=public)
        except WithholdingError as error:  # of the former version: the later one has been looked at
            raise _not_to_be_withheld(error.faults) from None
        then = replace(shown, version=earlier.number, published_on=earlier.published_on, documents=(), changes=())
        return await asyncio.to_thread(comparison_page, then, shown, changed)

    async def import_bundle(
        self, content: bytes, *, department: str, body: str | None = None, by: str = "operator"
    ) -> AssessmentRecord:
        """Enter an assessment from a full bundle, as a version that was published before; give its record.

        The same bundle again gives the record, and so does one that was written from this register. `body` is that of
        the bundle, unless told. Raises InvalidInputError, InvalidDocumentError, NotFoundError: nothing is recorded.
        """
        edition, new, first = await self._checked(content, department=department, body=body)
        there = await self._there(edition, new)
        if there is not None:
            return there
        try:
            return await self._register.add_assessment(new, first, by=by, at=self._now())
        except AlreadyThereError:
            raise already_there(new.assessment_id) from None

    async def check_bundle(self, content: bytes, *, department: str, body: str | None = None) -> TakenOver:
        """Say what `import_bundle` would enter; nothing is written. Raises as it does."""
        edition, new, _ = await self._checked(content, department=department, body=body)
        there = await self._there(edition, new)
        return TakenOver(entered=() if there else (new.assessment_id,), known=(new.assessment_id,) if there else ())

    async def _checked(
        self, content: bytes, *, department: str, body: str | None
    ) -> tuple[Edition, NewAssessment, First]:
        try:
            edition = await asyncio.to_thread(edition_from, content)
        except BundleError as error:
            raise InvalidInputError(
                str(error), where="一式", remedy="書き出した元で、もう一度書き出してください。"
            ) from None
        if edition.rendition is not Rendition.FULL:
            raise InvalidInputError(
                "公表用の一式は取り込めません。公表しない部分の記載がありません。",
                where="一式",
                remedy="書き出した元で `--rendition full` として書き出したものを用いてください。",
            )
        new = NewAssessment(
            assessment_id=edition.assessment_id,
            body=edition.body if body is None else body,
            department=department,
            number=edition.number,
            name=edition.name,
            required_level=edition.required_level,
            effective_level=edition.effective_level,
            published_on=edition.published_on,
            systems=edition.systems,
            files=edition.files,
        )
        await check_owner(self._register, new)
        documents = [document_from(canonical_bytes(one), on=self._now()) for one in edition.documents]
        rises = new.required_level.rank > new.effective_level.rank  # the larger form is still to come
        agree(documents, number=new.number, on=self._now(), course=Course.AMEND if rises else None)
        first = First(
            documents=documents,
            manifest=edition.manifest,
            digest=edition.digest,
            validated=True,
            verified_on=edition.published_on,
            yearly_due_on=yearly_due_on(edition.published_on),
            five_years_due_on=edition.five_years_due_on or five_years_due_on(edition.published_on),
            number=edition.version,
            changes=edition.changes,
        )
        return edition, new, first

    async def _there(self, edition: Edition, new: NewAssessment) -> AssessmentRecord | None:
        """Give the record if the register has this very version; raises InvalidInputError if it has another."""
        try:
            record = await self._register.assessment(new.assessment_id)
        except LookupError:
            return None
        versions = {one.number: one for one in await self._register.versions(new.assessment_id)}
        one = versions.get(edition.version)
        facts = ("body", "department", "number", "name", "required_level", "effective_level", "systems", "files")
        same = all(getattr(record, fact) == getattr(new, fact) for fact in facts)
        if not same or one is None:
            raise already_there(new.assessment_id)
        if (one.digest, one.published_on, one.changes) != (edition.digest, edition.published_on, edition.changes):
            raise already_there(new.assessment_id)
        return record

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


def _changed(
    before: Sequence[Mapping[str, object] | None], after: Sequence[Mapping[str, object]], *, public: bool
) -> list[ChangedItem]:
    """Compare each document with the one on the same form; one that is new is compared with nothing."""
    left = [one for one in before if one is not None]
    changed: list[ChangedItem] = []
    for document in after:
        former = next((one for one in left if one.get("form") == document.get("form")), None)
        left = [one for one in left if one is not former]
        if public:
            beside = [one for one in (*before, *after) if one is not None and one is not former and one is not document]
            changed += public_comparison(former, document, beside=beside)
        else:
            changed += table_of_changes(former, document)
    return changed


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
