"""公表される版 (publications): what a review that closes puts into the register as the assessment's next version."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from guideline.changes import complete_table, table_of_changes
from guideline.deadlines import five_years_due_on
from guideline.document_sets import BASIC, levels_after
from guideline.renditions import former_marks
from guideline.turns import level_of
from schemas.acts import Submission
from schemas.changes import ChangeRow
from schemas.courses import Course
from schemas.records import NewVersion
from schemas.review import Manifest, Outcome, ReviewState, Step

if TYPE_CHECKING:
    from pydantic import JsonValue

    from activities.ports import RegisterPort

    Contents = dict[str, dict[str, JsonValue] | None]

_PUBLISHING = frozenset({Outcome.AMENDED, Outcome.REASSESSED, Outcome.FIRST_PUBLISHED, Outcome.ENDED})


class Publications:
    """公表される版を定める."""

    def __init__(self, register: RegisterPort) -> None:
        self._register = register

    async def of(self, review: ReviewState) -> NewVersion | None:
        """Give the version that the review publishes; None where it publishes none."""
        if review.outcome not in _PUBLISHING or review.course is Course.END_PUBLICATION:
            return None
        if review.draft is None or review.draft_digest is None:  # no move publishes without a draft
            raise ValueError("a review was published without a draft")
        published_on = next(done.done_on for done in review.steps if done.step is Step.PUBLICATION and done.stands)
        contents = await self._contents(review.draft)
        required, effective = levels_after(
            contents.get(BASIC), course=review.course, before=review.opening.level, carried_out=level_of(review)
        )
        return NewVersion(
            manifest=review.draft,
            digest=review.draft_digest,
            published_on=published_on,
            changes=await self._changes(review, contents, published_on=published_on),
            validated=all(content is not None for content in contents.values()),
            required_level=required,
            effective_level=effective,
            five_years_due_on=five_years_due_on(published_on) if review.course is Course.REASSESS else None,
        )

    async def _changes(self, review: ReviewState, contents: Contents, *, published_on: date) -> tuple[ChangeRow, ...]:
        """変更箇所: the table of changes against the published version, document by document.

        Of a form that was not published before nothing has changed; a legacy document is known by its digest alone.
        """
        assessment = await self._register.assessment(review.opening.assessment_id)
        if assessment.manifest is None:  # nothing was published before
            return ()
        before = await self._contents(assessment.manifest)
        effects = [ground.takes_effect_on for ground in review.grounds if ground.takes_effect_on is not None]
        explanations = await self._explanations(review)
        marks = {form: former_marks(before.get(form)) for form in contents}
        return tuple(
            row.model_copy(update={"form": form, "withheld": marks[form](row.item)})
            for form, after in contents.items()
            if after is not None and after != before.get(form) and (form in before or not assessment.validated)
            for row in complete_table(
                table_of_changes(before.get(form), after),
                changed_on=published_on,
                takes_effect_on=min(effects, default=None),
                published_on=published_on,
                explanations=explanations,
                course=review.course or Course.AMEND,
            )
        )

    async def _contents(self, manifest: Manifest) -> Contents:
        """Give the documents of a set by their form; None for a legacy document."""
        return {one.form: (await self._register.document(one.sha256)).content for one in manifest.documents}

    async def _explanations(self, review: ReviewState) -> dict[str, str]:
        acts = await self._register.acts_of(review.review_id or "")
        submissions = [record.act for record in acts if isinstance(record.act, Submission)]
        return {note.item: note.text for note in submissions[-1].explanations}
