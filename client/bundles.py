"""一式からの取り込み (bundles): a version that another register wrote, taken in as what it was."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from client.assessments import already_there, check_owner
from client.drafts import agree, document_from
from client.errors import InvalidInputError
from client.takeover import TakenOver
from guideline.deadlines import five_years_due_on, yearly_due_on
from guideline.renditions import Rendition
from register.assessments import First
from register.errors import AlreadyThereError
from rendering.bundle import BundleError, edition_from
from schemas.canonical import canonical_bytes
from schemas.courses import Course
from schemas.records import NewAssessment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from register.register import Register
    from rendering.edition import Edition
    from schemas.records import AssessmentRecord


class Bundles:
    """一式を取り込む."""

    def __init__(self, register: Register, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._now = now

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
