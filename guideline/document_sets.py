"""評価書一式 (set of documents): which forms make up an assessment, and which level follows from a published set.

様式2 is always there; 様式3 or 様式4 stands beside it where the level asks for it
(規則5条1項, 6条1項, 7条1項, 番号法28条1項).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from schemas.courses import Course
from schemas.forms.catalogue import value_at
from schemas.levels import Level
from schemas.review import Manifest, ManifestEntry

BASIC, PRIORITY, ALL = "basic_items", "priority_items", "all_items"

FORMS = MappingProxyType({BASIC: "様式2", PRIORITY: "様式3", ALL: "様式4"})
"""様式の順: the forms of a set in their order, with what people call them."""

_BY_LEVEL = MappingProxyType(
    {
        Level.NOT_REQUIRED: (BASIC,),
        Level.BASIC_ITEMS: (BASIC,),
        Level.PRIORITY_ITEMS: (BASIC, PRIORITY),
        Level.ALL_ITEMS: (BASIC, ALL),
    }
)


def forms_needed(level: Level, course: Course) -> tuple[str, ...]:
    """Give the forms that a draft must have: all of its level for a 再実施 (規則5条1項後段), else at least 様式2."""
    return _BY_LEVEL[level] if course is Course.REASSESS else (BASIC,)


def missing_forms(manifest: Manifest, *, level: Level, course: Course) -> tuple[str, ...]:
    """Give, as people call them, the forms that a draft lacks."""
    there = {document.form for document in manifest.documents}
    return tuple(FORMS[form] for form in forms_needed(level, course) if form not in there)


def forms_permitted(
    level: Level, course: Course | None, *, published: Iterable[str], submitted: Level | None
) -> frozenset[str]:
    """Give the forms that a draft may have.

    A 再実施 has those of its level. Any other course has what is published, but for a larger form that Ⅳ1
    (`submitted`) names no longer: a larger form that is new needs its own procedure (規則6条, 7条, 番号法28条).
    """
    if course is Course.REASSESS:
        return frozenset(_BY_LEVEL[level])
    there = frozenset((BASIC, *published))
    return there if submitted is None or submitted.rank >= level.rank else there & frozenset(_BY_LEVEL[submitted])


def beyond_the_level(manifest: Manifest, *, level: Level) -> tuple[str, ...]:
    """Give, as people call them, the forms of a 再実施 that its level does not go through the procedure for."""
    return tuple(
        FORMS[one.form] for one in manifest.documents if one.form in FORMS and one.form not in _BY_LEVEL[level]
    )


def faults_of_new_forms(manifest: Manifest, *, published: Iterable[str]) -> tuple[str, ...]:
    """Say which larger forms a 修正 would publish for the first time, without hearing, check or approval."""
    there = frozenset((BASIC, *published))
    return tuple(
        f"{FORMS[one.form]}はまだ公表されておらず、修正では加えられません（規則第6条・第7条、番号法第28条）。"
        f"{FORMS[one.form]}を一式から除き、再実施として検討してください。"
        for one in manifest.documents
        if one.form in FORMS and one.form not in there
    )


def in_order(entries: Iterable[ManifestEntry]) -> tuple[ManifestEntry, ...]:
    """Put the documents of a set in the order of their forms; forms that are not known here come last."""
    order = list(FORMS)
    return tuple(sorted(entries, key=lambda one: order.index(one.form) if one.form in order else len(order)))


def level_of_forms(forms: Iterable[str]) -> Level:
    """Give the level that a set of forms carries out: the highest that is among them."""
    there = set(forms)
    if ALL in there:
        return Level.ALL_ITEMS
    return Level.PRIORITY_ITEMS if PRIORITY in there else Level.BASIC_ITEMS


def levels_after(
    basic: Mapping[str, object] | None, *, course: Course | None, before: Level, carried_out: Level
) -> tuple[Level | None, Level]:
    """Give the level required and the level carried out once a set is published, by its 様式2.

    Required is what Ⅲ says; None where the 様式2 can't be read. Carried out is that of a 再実施, or, after a 修正, what
    Ⅳ1 says where it is lower than before: a rise waits for the larger form (規則6条2項, 7条2項, 8条).
    """
    required = _level_at(basic, "threshold_result")
    if course is Course.REASSESS:
        return required, carried_out
    return required, min(before, submitted_level(basic) or before, key=lambda level: level.rank)


def submitted_level(basic: Mapping[str, object] | None) -> Level | None:
    """Give what Ⅳ1 of 様式2 says is submitted; None where it can't be read."""
    return _level_at(basic, "risk_measures", "submitted_level")


def _level_at(document: Mapping[str, object] | None, *path: str) -> Level | None:
    value = value_at(document, path)
    return Level(value) if isinstance(value, str) and value in list(Level) else None
