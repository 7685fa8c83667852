"""評価書 (assessments): entering, listing, showing, comparing and checking them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from client.assessment_views import AssessmentView, overview_of, published_of, published_version
from client.drafts import agree, document_from, set_of
from client.errors import InvalidInputError, NotFoundError, no_assessment, no_organisation
from client.input import message_from
from client.looking import not_in_full
from guideline.access import Reading, rendition_for, sees_whole
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
    from client.looking import Looking
    from register.register import Register
    from schemas.lists import AssessmentPage, AssessmentQuery


class Assessments:
    """評価書を扱う."""

    def __init__(self, register: Register, acting: Acting, *, looking: Looking, now: Callable[[], datetime]) -> None:
        self._register = register
        self._acting = acting
        self._looking = looking
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

    async def page(self, query: AssessmentQuery, *, viewer: str | None = None) -> AssessmentPage:
        """Give one page of the assessments that are asked for and that the viewer sees, however many there are."""
        return await self._register.lists.assessments(query, sight=await self._looking.sight(viewer))

    async def overview(self, assessment_id: str, *, viewer: str) -> AssessmentView:
        """Give one assessment with all that belongs to it, as the viewer may see it. Raises as `show` does."""
        reading = await self._looking.assessment(assessment_id, viewer=viewer)
        person, revision = await self._acting.person(viewer)
        lists, sight = self._register.lists, await self._looking.sight(viewer)
        facts = await self._register.facts_of(assessment_id)
        return overview_of(
            facts,
            versions=await self._register.versions(assessment_id),
            reviews=await lists.reviews(scope="all", assessment=assessment_id, sight=sight),
            countermeasures=await lists.countermeasures(scope="all", assessment=assessment_id, sight=sight),
            organisation=revision.organisation,
            rendition=rendition_for(reading),
            is_of_their_body=person.body == facts.record.body,
            on=tokyo_date(self._now()),
        )

    async def list(self, *, viewer: str | None = None) -> tuple[AssessmentRecord, ...]:
        """Give the assessments that the viewer sees in order of their ids."""
        sight = await self._looking.sight(viewer)
        found = await self._register.lists.assessment_records(sight=sight)
        if sight is None:
            return found
        return tuple(
            one if sees_whole(sight, body=one.body, department=one.department) else published_of(one) for one in found
        )

    async def show(self, assessment_id: str, *, viewer: str | None = None) -> AssessmentRecord:
        """Give one as the viewer may see it.

        Raises NotFoundError when it is unknown, or not published and of another body than the viewer's;
        NotPermittedError where it is not published and of another department.
        """
        reading = await self._looking.assessment(assessment_id, viewer=viewer)
        try:
            record = await self._register.assessment(assessment_id)
        except LookupError:
            raise no_assessment(assessment_id) from None
        return record if reading is Reading.WHOLE else published_of(record)

    async def history(self, assessment_id: str, *, viewer: str | None = None) -> tuple[VersionRecord, ...]:
        """Give its published versions, the first one first; what each changed to whoever sees all of it."""
        reading = await self._looking.assessment(assessment_id, viewer=viewer)
        await self.show(assessment_id)
        versions = await self._register.versions(assessment_id)
        return versions if reading is Reading.WHOLE else tuple(published_version(one) for one in versions)

    async def diff(
        self, assessment_id: str, *, before: int | None = None, after: int | None = None, viewer: str | None = None
    ) -> tuple[ChangedItem, ...]:
        """Compare two versions, item by item: the present one and the one before it, unless told.

        Raises NotFoundError when there is no such version, NotPermittedError for whoever does not see all of it.
        """
        if await self._looking.assessment(assessment_id, viewer=viewer) is not Reading.WHOLE:
            raise not_in_full()
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
