"""様式の形 (content of a form): what of a document a version of its form has a place for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from client.errors import InvalidDocumentError, InvalidInputError
from schemas.forms.boxes import Box, BoxKind, boxes, chapters
from schemas.forms.catalogue import UnknownFormError
from schemas.forms.parsing import parse
from schemas.forms.places import places
from schemas.forms.validation import validate

_OF_THE_SHAPE = frozenset({"type", "unknown_item", "unknown_items", "too_many"})


def on_version(content: Mapping[str, Any], *, form: str, version: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Give what of a document the version of the form has a place for, and name the items that it has none for."""
    whole = {**content, "form": form, "form_version": version}
    kept: dict[str, Any] = {"form": form, "form_version": version}
    for _, chapter in chapters(whole):
        value = _kept(chapter)
        if value is not None:
            kept[str(chapter.keys[0])] = value
    there = boxes(kept)
    try:
        before = places(content)
    except UnknownFormError:
        return kept, ()
    said = (place for place in before if place.value not in (None, "", []))
    return kept, tuple(place.label for place in said if place.pointer not in there)


def content_from(document: bytes, *, form: str, versions: tuple[str, ...]) -> dict[str, Any]:
    """Read a document that is to replace a working copy: mistakes may be in it, but not in its shape.

    Raises InvalidDocumentError, InvalidInputError.
    """
    parsed = parse(document)
    if parsed.errors:
        raise InvalidDocumentError(parsed.errors)
    content = parsed.document
    if not isinstance(content, dict) or content.get("form") != form or content.get("form_version") not in versions:
        raise InvalidInputError(
            "この様式の文書ではありません。",
            where="取り込むファイル",
            remedy=f"form が「{form}」、form_version が {'、'.join(f'「{one}」' for one in versions)} の"
            "文書を選んでください。",
        )
    kept, _ = on_version(content, form=form, version=content["form_version"])
    if kept != content:
        found = validate(content)
        raise InvalidDocumentError(tuple(one for one in found if one.rule in _OF_THE_SHAPE) or found)
    return content


def _kept(box: Box) -> Any:
    if box.kind is BoxKind.ENTRIES:
        return (
            [_kept(one) for one in box.inside if isinstance(one.value, dict)] if isinstance(box.value, list) else None
        )
    if box.kind is BoxKind.GROUP:
        if not isinstance(box.value, dict):
            return None
        values = {str(one.keys[-1]): _kept(one) for one in box.inside}
        return {key: value for key, value in values.items() if value is not None}
    if box.kind in (BoxKind.CHOICES, BoxKind.LIST):
        texts = isinstance(box.value, list) and all(isinstance(one, str) for one in box.value)
        return box.value if texts else None
    return box.value if isinstance(box.value, str) else None
