"""記入 (filling): a document with something filled in, or with the groups that its answers ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.forms.boxes import Box, BoxKind, boxes, chapters
from schemas.forms.catalogue import Keys

_NOTHING: tuple[object, ...] = (None, "", [])


def filled(document: Mapping[str, Any], values: Mapping[Keys, object]) -> dict[str, Any]:
    """Put values at their places; None leaves the place out. Entries of repeated parts must be there already."""
    whole: dict[str, Any] = _copied(document)
    for keys, value in values.items():
        here: Any = whole
        for key in keys[:-1]:
            here = here[key] if isinstance(key, int) else here.setdefault(key, {})
        if value is None:
            here.pop(keys[-1], None)
        else:
            here[keys[-1]] = value
    return whole


def fitted(document: Mapping[str, Any]) -> dict[str, Any]:
    """Give the document with each group that it needs, and without what is empty and not asked for.

    So what lacks is told item by item, and no empty group stands where an answer leaves it out. What a person wrote
    stays, even where it is not asked for. Raises UnknownFormError.
    """
    whole: dict[str, Any] = _copied(document)
    for _, chapter in chapters(document):
        _fit(chapter, whole)
    return whole


def not_needed(document: Mapping[str, Any], group: str) -> tuple[Keys, ...]:
    """Give the places within a group (by its pointer) that say something, and that its own answers leave out."""
    box = boxes(document).get(group)
    return tuple(one.keys for one in (box.inside if box else ()) if one.barred and one.value not in _NOTHING)


def _fit(box: Box, around: Any) -> None:
    key = box.keys[-1]
    if box.kind is BoxKind.ENTRIES:
        for one in box.inside:
            _fit(one, around[key])
    elif box.kind is BoxKind.GROUP:
        group: dict[str, Any] = around[key] if box.value is not None else {}
        for one in box.inside:
            _fit(one, group)
        if group or box.required:
            around[key] = group
        elif box.value is not None:
            del around[key]
        return
    if box.barred and box.value in ("", []):
        del around[key]


def _copied(value: Any) -> Any:
    """Copy what can be filled in; texts are shared."""
    if isinstance(value, Mapping):
        return {key: _copied(one) for key, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value
