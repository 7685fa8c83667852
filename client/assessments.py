"""評価書 (assessments): entering, listing, showing, comparing and checking them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from client.assessment_views import AssessmentView, overview_of
from client.drafts import agree, document_from, set_of
from client.errors import InvalidInputError, NotFoundError, no_organisation
from client.input import message_from
from guideline.access import rendition_for
from guideline.changes import ChangedItem, table_of_changes
from guideline.deadlines import five_years_due_on, tokyo_date, yearly_due_on
from register.assessments import First
from register.errors import AlreadyThereError
from schemas.canonical import canonical_bytes, message_digest
from schemas.levels import Level
from schemas.records import AssessmentRecord, NewAssessment, StoredDocument, VersionRecord
from schemas.review import Manifest, ManifestEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from client.acting import Acting
    from register.register import Register
    from schemas.lists import AssessmentPage, AssessmentQuery


class Assessments:
    """評価書を扱う."""

    def __init__(self, register: Register, acting: Acting, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._acting = acting
        self._now = now

    async def add(self, content: bytes, *, by: str = "operator") -> AssessmentRecord:
        """Enter a published assessment, with its document on a known form or as a legacy document by its digest.

        The same entry again gives the record. Raises InvalidInputError, InvalidDocumentError: nothing is recorded.
        """
        new = message_from(NewAssessment, content, where="評価書の登録")
        await check_owner(self._register, new)
        first = first_of(new, on=self._now())
        try:
            return await self._register.add_assessment(new, first, by=by, at=self._now())
        except AlreadyThereError:
            raise already_there(new.assessment_id) from None

    async def page(self, query: AssessmentQuery) -> AssessmentPage:
        """Give one page of the assessments that are asked for, however many there are."""
        return await self._register.lists.assessments(query)

    async def overview(self, assessment_id: str, *, viewer: str) -> AssessmentView:
        """Give one assessment with all that belongs to it, as the viewer may see it. Raises as `show` does."""
        record = await self.show(assessment_id)
        person, revision = await self._acting.person(viewer)
        return overview_of(
            await self._register.facts_of(assessment_id),
            versions=await self._register.versions(assessment_id),
            reviews=await self._register.reviews(scope="all", assessment=assessment_id),
            countermeasures=await self._register.countermeasures(scope="all", assessment=assessment_id),
            organisation=revision.organisation,
            rendition=rendition_for(person, body=record.body),
            on=tokyo_date(self._now()),
        )

    async def list(self) -> tuple[AssessmentRecord, ...]:
        """Give all assessments in order of their ids."""
        return await self._register.assessments()

    async def show(self, assessment_id: str) -> AssessmentRecord:
        """Give one; raises NotFoundError when it is unknown."""
        try:
            return await self._register.assessment(assessment_id)
        except LookupError:
            raise NotFoundError(
                f"評価書「{assessment_id}」は台帳にありません。",
                where="評価書",
                remedy="`minaoshi assessment list` で識別子を確かめてください。",
            ) from None

    async def history(self, assessment_id: str) -> tuple[VersionRecord, ...]:
        """Give its published versions, the first one first."""
        await self.show(assessment_id)
        return await self._register.versions(assessment_id)

    async def diff(
        self, assessment_id: str, *, before: int | None = None, after: int | None = None
    ) -> tuple[ChangedItem, ...]:
        """Compare two versions, item by item: the present one and the one before it, unless told.

        Raises NotFoundError when there is no such version.
        """
        versions = {version.number: version for version in await self.history(assessment_id)}
        if not versions:
            raise NotFoundError(
                f"評価書「{assessment_id}」はまだ公表されていません。",
                where="版",
                remedy="公表された後に比べてください。",
            )
        after = after or max(versions)
        before = before or max(after - 1, min(versions))
        for number in (before, after):
            if number not in versions:
                raise NotFoundError(
                    f"評価書「{assessment_id}」に第{number}版はありません（第{min(versions)}版から第{max(versions)}版まで）。",
                    where="版",
                    remedy="`minaoshi assessment history` で版を確かめてください。",
                )
        earlier = {one.form: one.content for one in await self._documents_of(versions[before])}
        later = await self._documents_of(versions[after])
        return tuple(
            changed
            for one in later
            if one.content is not None
            for changed in table_of_changes(earlier.get(one.form), one.content)
        )

    async def _documents_of(self, version: VersionRecord) -> tuple[StoredDocument, ...]:
        return tuple([await self._register.document(one.sha256) for one in version.manifest.documents])


async def check_owner(register: Register, new: NewAssessment) -> None:
    """Check that the department is one of the body. Raises NotFoundError."""
    try:
        organisation = (await register.current_organisation()).organisation
    except LookupError:
        raise no_organisation() from None
    if all((one.id, one.body) != (new.department, new.body) for one in organisation.departments):
        raise NotFoundError(
            f"機関「{new.body}」に部署「{new.department}」がありません。",
            where="department",
            remedy="組織表にある機関と部署の識別子を書いてください。",
        )


def already_there(assessment_id: str) -> InvalidInputError:
    """Build the error of an id under which something else was entered."""
    return InvalidInputError(
        f"評価書「{assessment_id}」は、別の内容で既に登録されています。",
        where="assessment_id",
        remedy="別の識別子にするか、見直しを通じて改めてください。",
    )


def first_of(new: NewAssessment, *, on: datetime) -> First:
    """Give what is entered as the first version, and the days that follow from it.

    Raises InvalidInputError and InvalidDocumentError.
    """
    manifest, documents, validated = _documents_of(new, on=on)
    verified_on = new.verified_on or new.published_on
    return First(
        documents=documents,
        manifest=manifest,
        digest=message_digest(manifest),
        validated=validated,
        verified_on=verified_on,
        yearly_due_on=yearly_due_on(verified_on),
        five_years_due_on=five_years_due_on(new.published_on),
    )


def _documents_of(new: NewAssessment, *, on: datetime) -> tuple[Manifest, tuple[StoredDocument, ...], bool]:
    if new.effective_level is Level.NOT_REQUIRED:
        raise InvalidInputError(
            "実施する評価の種類が「義務なし」です。実施しない評価は登録しません。",
            where="effective_level",
            remedy="任意に実施している評価は、その種類（基礎項目評価など）を書いてください。",
        )
    written = new.documents if new.document is None else (new.document, *new.documents)
    if bool(written) is (new.legacy is not None):
        raise InvalidInputError(
            "document（又は documents）と legacy のどちらか一方が要ります。",
            where="評価書の登録",
            remedy="現行の様式なら document に内容を、旧様式なら legacy に文書のSHA-256を書いてください。",
        )
    if written:
        documents = tuple(document_from(canonical_bytes(one), on=on) for one in written)
        agree(documents, number=new.number, on=on)
        return set_of(documents), documents, True
    legacy = new.legacy
    assert legacy is not None  # noqa: S101 - one of the two is there, see above
    entry = ManifestEntry(form=legacy.form, form_version=legacy.form_version_as_printed, sha256=legacy.sha256)
    stored = StoredDocument(
        sha256=legacy.sha256, form=legacy.form, form_version=legacy.form_version_as_printed, content=None
    )
    return Manifest(documents=(entry,)), (stored,), False
