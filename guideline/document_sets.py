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
    submitted = _level_at(basic, "risk_measures", "submitted_level")
    return required, min(before, submitted or before, key=lambda level: level.rank)


def _level_at(document: Mapping[str, object] | None, *path: str) -> Level | None:
    value = value_at(document, path)
    return Level(value) if isinstance(value, str) and value in list(Level) else None
