"""評価書の見え方 (views): an assessment with its versions, reviews and countermeasures, as one person may see it.

Whoever does not see all of it sees what is published: what a version changed may tell of what it withholds (規則10条).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from client.plan import PlanCell, worded
from guideline.level_change import level_of_numbers, stated_numbers
from guideline.organisation import department_names
from guideline.plan_register import plan_of
from guideline.provisions import NotInForceError
from guideline.renditions import Rendition
from schemas.forms.catalogue import UnknownFormError, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from schemas.countermeasures import CountermeasureState
    from schemas.organisation import Organisation
    from schemas.plan import AssessmentFacts
    from schemas.records import AssessmentRecord, ReviewRecord, VersionRecord
    from schemas.review import ManifestEntry


_PUBLISHED_CELLS = frozenset(
    {"number", "name", "lead_body", "department", "data_subjects", "handlers", "serious_incident"}
    | {"required_level", "effective_level", "published_on", "ended_on", "standing"}
)
"""公表される欄: of the 計画管理書, what the published assessment itself tells."""

_BANDS = frozenset({"data_subjects", "handlers", "serious_incident"})
_LEGACY = {"basic_items": "様式2", "priority_items": "様式3", "all_items": "様式4"}


@dataclass(frozen=True, slots=True)
class LevelReason:
    """評価の種類の理由 (why this level): what the numbers of the published 様式2 ask for today."""

    sentences: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """評価書の見え方: `rendition` says how much the viewer sees; what they may not see is not there."""

    record: AssessmentRecord
    body_name: str
    department_name: str
    rendition: Rendition
    level_reason: LevelReason | None
    versions: tuple[VersionRecord, ...]
    reviews: tuple[ReviewRecord, ...]
    countermeasures: tuple[CountermeasureState, ...]
    plan: tuple[PlanCell, ...]
    forms: tuple[tuple[str, str], ...]
    names: dict[str, str]
    is_of_their_body: bool

    @property
    def sees_all(self) -> bool:
        """Whether the viewer sees all of it: its department does, and who watches over its body."""
        return self.rendition is Rendition.FULL


def overview_of(  # noqa: PLR0913 # what is shown, to whom, and on which day
    facts: AssessmentFacts,
    *,
    versions: Sequence[VersionRecord],
    reviews: Sequence[ReviewRecord],
    countermeasures: Sequence[CountermeasureState],
    organisation: Organisation,
    rendition: Rendition,
    is_of_their_body: bool,
    on: date,
) -> AssessmentView:
    """Show an assessment; the newest version first."""
    record, full = facts.record, rendition is Rendition.FULL
    body = next(one for one in organisation.bodies if one.id == record.body)
    departments = department_names(organisation)
    (row,) = plan_of(body, (facts,), organisation=organisation, on=on).assessments
    cells = worded(row)
    people = {one.owner for one in countermeasures}
    return AssessmentView(
        record=record if full else published_of(record),
        body_name=body.name,
        department_name=departments.get(record.department, record.department),
        rendition=rendition,
        level_reason=_reason(facts, cells, on=on),
        versions=tuple(
            one if full else published_version(one)
            for one in sorted(versions, key=lambda one: one.number, reverse=True)
        ),
        reviews=tuple(reviews),
        countermeasures=tuple(countermeasures),
        plan=tuple(cell for cell in cells if full or cell.name in _PUBLISHED_CELLS),
        forms=tuple(_form(one) for one in record.manifest.documents) if record.manifest else (),
        names={one.id: one.name for one in organisation.people if one.id in people},
        is_of_their_body=is_of_their_body,
    )


def published_of(record: AssessmentRecord) -> AssessmentRecord:
    """Give what is published of an assessment: nothing of its systems, its files, its notes and its own dates."""
    dates = dict.fromkeys(("verified_on", "yearly_due_on", "five_years_due_on", "published_until"))
    return record.model_copy(update={"systems": (), "files": (), "note": None, **dates})


def published_version(version: VersionRecord) -> VersionRecord:
    """Give what is published of a version: what it changed may tell of what it withholds."""
    return version.model_copy(update={"changes": (), "review_id": None})


def _form(entry: ManifestEntry) -> tuple[str, str]:
    """Name the form of a document, and its version; a legacy one as it was entered."""
    try:
        form = load(entry.form, entry.form_version)
    except UnknownFormError:
        return _LEGACY.get(entry.form, entry.form), entry.form_version
    return form.title, form.era_label


def _reason(facts: AssessmentFacts, plan: Sequence[PlanCell], *, on: date) -> LevelReason | None:
    """Give why, where the published 様式2 states its numbers."""
    documents = facts.record.manifest.documents if facts.record.manifest else ()
    basic = next((one for one in documents if one.form == "basic_items"), None)
    if basic is None or facts.threshold_items is None:
        return None
    stated = {"form": basic.form, "form_version": basic.form_version, "threshold_items": facts.threshold_items}
    numbers = stated_numbers(stated)
    if numbers is None:
        return None
    try:
        found = level_of_numbers(numbers, on=on)
    except NotInForceError:
        return None
    # Of the reasons only the conclusion: the others count persons, and here a number stands for a band of the form.
    stated_words = (f"{cell.title}は「{cell.words}」です。" for cell in plan if cell.name in _BANDS)
    return LevelReason((*stated_words, found.reasons[-1]), found.confirmed)
