"""全部と公表用 (renditions): a set of documents in full, or as it is published where parts are withheld (規則第10条).

A public rendition is computed from the documents and their tables `withheld` whenever it is asked for. It is for people
and for export: marks stand where choices and groups stood, so it need not validate against its form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from guideline.changes import OLD_FORM, ChangedItem, table_of_changes
from guideline.withheld_words import CHANGES, WITHHELD, Words, named_entries, parts_of, withheld_leaves
from guideline.withholding import TABLE, Keys, WithheldPlace, keys_in, withheld_places
from schemas.changes import ChangeRow
from schemas.forms import catalogue
from schemas.forms.catalogue import EACH, Item, Schema
from schemas.forms.places import Place, places
from schemas.forms.wording import NOTHING


class Rendition(StrEnum):
    """版面 (rendition): the whole text, or what is published of it."""

    FULL = "full"  # 全部
    PUBLIC = "public"  # 公表用

    @property
    def label(self) -> str:
        """The rendition in Japanese."""
        return {"full": "全部（公表しない部分を含む）", "public": "公表用"}[self.value]


class Withholding:
    """公表しない扱い: what a set of documents withholds, applied to all that is published with it.

    `documents` and `changes` are the set and its table of changes as they are published. A withheld name of a file,
    委託事項 and so on is replaced wherever it stands, in every document of the set, and so is a former name of it;
    likewise a withheld text of twenty characters or more that stands word for word in another place. What is shorter
    is withheld where the tables say so. What is published need not validate against its form. Raises WithholdingError
    where a row of a table leads nowhere.
    """

    def __init__(
        self,
        documents: Sequence[Mapping[str, object]],
        *,
        changes: Sequence[ChangeRow] = (),
        former: Sequence[str] = (),
    ) -> None:
        self._given = tuple(_Document(document) for document in documents)
        leaves = [leaf for one in self._given for leaf in withheld_leaves(one.schema, one.content, one.rows)]
        entries = [entry for one in self._given for entry in named_entries(one.schema, one.content)]
        rows = [*(row.model_dump() for row in changes), *(row for one in self._given for row in one.changes())]
        told = [name for row in rows for name in self._former_names(row)]
        self._words = Words.of(leaves, entries, former=[*former, *told])
        self.documents: tuple[dict[str, Any], ...] = tuple(self._public_document(one) for one in self._given)
        self.changes: tuple[ChangeRow, ...] = tuple(
            row.model_copy(update=self._public_row(row.model_dump())) for row in changes
        )

    def clean(self, text: str) -> str:
        """Give the text without the withheld names and long texts."""
        return self._words.clean(text)

    def clean_metadata(self, text: str) -> str:
        """Give what is published beside the documents, such as the title; a mark where they withhold it."""
        return self._words.clean_metadata(text)

    def mark_about(self, which: int, place: Place) -> str:
        """Give the mark that stands at a place of one of the documents, if only at a part of it; else nothing."""
        return self._given[which].mark_about(place)

    def names_an_entry(self, label: str) -> bool:
        """Say whether this is the label of an item that holds the name of an entry of a repeated part."""
        return any(label.startswith(stem) for one in self._given for stem in one.stems)

    def mark_of(self, label: str) -> str | None:
        """Give the mark that stands instead of what is said of the item with this label; None where it is published.

        A label that no document knows is one of an earlier version, or was written by hand. What it speaks of is
        published if it begins with the number of an item, and nothing of that item is withheld.
        """
        marks = [*(one.mark_of_changes for one in self._given), *(one.marks.get(label, "") for one in self._given)]
        if any(marks):
            return next(mark for mark in marks if mark)
        if any(label in one.marks for one in self._given) or not any(one.rows for one in self._given):
            return None
        number = _number(label)
        is_known = any(number in one.numbers for one in self._given)
        concerned = any(_related(number, other) for one in self._given for other in one.withheld_numbers)
        return None if is_known and not concerned else WITHHELD

    def _former_names(self, row: Mapping[str, object]) -> tuple[str, ...]:
        """Give what a withheld change of a name says that the entry was called."""
        item = str(row.get("item"))
        if not self.names_an_entry(item) or (self.mark_of(item) or row.get("withheld")) is None:
            return ()
        return names_told(str(row.get("before")), str(row.get("after")))

    def _public_row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        mark = self.mark_of(str(row.get("item"))) or row.get("withheld")
        words = {key: self.clean(row[key]) for key in _WORDS_OF_A_ROW if isinstance(row.get(key), str)}
        sides = {} if mark is None else dict.fromkeys(("before", "after"), self.clean(mark))
        known = {"withheld": self.clean(row["withheld"])} if row.get("withheld") else {}
        return {**row, **words, **sides, **known}

    def _public_document(self, one: _Document) -> dict[str, Any]:
        return {
            str(key): self._public(one, node, value, (key,)) for key, node, value in parts_of(one.schema, one.content)
        }

    def _public(self, one: _Document, node: Schema, value: object, keys: Keys) -> Any:
        row = next((row for row in one.rows if row.covers(keys)), None)
        if row is not None:
            named = self._words.names.get(value, WITHHELD) if isinstance(value, str) else WITHHELD
            return self.clean(row.mark) if named == WITHHELD else named
        if isinstance(value, str):
            return self.clean(value) if _holds_words(one.schema, node, keys) else value
        if isinstance(value, list):
            return [self._public(one, inner, below, (*keys, key)) for key, inner, below in parts_of(node, value)]
        if isinstance(value, Mapping):
            if keys[0] == CHANGES:
                return self._public_row(value)
            return {key: self._public(one, inner, below, (*keys, key)) for key, inner, below in parts_of(node, value)}
        return value


_WORDS_OF_A_ROW = ("item", "before", "after", "explanation")
_NO_WORDS = frozenset({"form", "form_version"})


def _holds_words(schema: Schema, node: Schema, keys: Keys) -> bool:
    """Say whether people's own words stand here, and not a word of the form, a day or a pointer."""
    is_pointer = keys[0] == TABLE and keys[-1] == "place"
    is_day = node.get("x-display") == "date"
    return not (is_pointer or is_day or keys[0] in _NO_WORDS or catalogue.choices(schema, node))


class _Document:
    """One document of the set, and which of its items its own table withholds."""

    def __init__(self, content: Mapping[str, object]) -> None:
        form = catalogue.load(str(content.get("form")), str(content.get("form_version")))
        self.content = content
        self.schema = form.schema
        self.rows: tuple[WithheldPlace, ...] = withheld_places(content)
        known = catalogue.items(form.name, form.version)
        self.numbers = frozenset(item.number for item in known)
        self.stems = tuple(_stem(item) for item in known if _names_an_entry(form.schema, item))
        self.mark_of_changes = self._mark_at((CHANGES,))
        self.marks: dict[str, str] = {}  # by label; of two entries with one name it is withheld if either is
        self.withheld_numbers = set()
        for place in places(content):
            mark = self.mark_about(place)
            self.marks[place.label] = self.marks.get(place.label) or mark
            if mark:
                self.withheld_numbers.add(place.item.number)
        for index, row in enumerate(self.changes()):
            label = str(row.get("item"))
            if mark := self._mark_at((CHANGES, index)):
                self.marks[label] = self.marks.get(label) or mark

    def _mark_at(self, keys: Keys) -> str:
        return next((row.mark for row in self.rows if row.covers(keys)), "")

    def mark_about(self, place: Place) -> str:
        """Give the mark of the row that covers a place or a part of it; empty where none does."""
        keys = keys_in(place.pointer)
        if keys == (CHANGES,):
            return self._mark_at(keys)
        return next((row.mark for row in self.rows if row.covers(keys) or row.keys[: len(keys)] == keys), "")

    def changes(self) -> tuple[Mapping[str, object], ...]:
        rows = self.content.get(CHANGES)
        return tuple(row for row in (rows if isinstance(rows, list) else ()) if isinstance(row, Mapping))


def former_marks(document: Mapping[str, object] | None) -> Callable[[str], str | None]:
    """Give for each item of a former document the mark under which it was published; None where its text was.

    Raises WithholdingError where a row of its table leads nowhere.
    """
    if document is None or not _is_known(document):
        return lambda _: None
    return Withholding((document,)).mark_of


def names_told(*wordings: str) -> tuple[str, ...]:
    """Give the names among the wordings of a change: what is neither missing nor withheld already."""
    return tuple(words for words in wordings if words.strip() and words not in (NOTHING, OLD_FORM, WITHHELD))


def _number(label: str) -> str:
    """Give the number with which a label begins, such as Ⅱ4⑥ of 「Ⅱ4⑥ 委託先名（ファイル「住民記録」）」."""
    return label.replace("（", " ").split(" ")[0]


def _related(number: str, other: str) -> bool:
    return number.startswith(other) or other.startswith(number)


def _names_an_entry(schema: Schema, item: Item) -> bool:
    keys = [0 if key == EACH else key for key in item.path.split("/")[1:]]
    steps = tuple(catalogue.walk(schema, keys))
    return EACH in item.path and steps[-3].node.get("x-key") == keys[-1]


def _stem(item: Item) -> str:
    """Give the label of an item of each entry without the words that say so."""
    return item.label.rpartition("（各")[0]


def public_comparison(
    before: Mapping[str, object] | None,
    after: Mapping[str, object],
    *,
    beside: Sequence[Mapping[str, object]] = (),
    everything: bool = False,
) -> tuple[ChangedItem, ...]:
    """Compare two documents as `table_of_changes` does; what either of them withholds is marked on both sides.

    `beside` are the other documents of the two sets, whose withheld names must not be seen either.
    Raises WithholdingError and UnknownFormError.
    """
    changed = table_of_changes(before, after, everything=everything)
    known = [after, *([before] if before is not None and _is_known(before) else [])]
    withholding = Withholding([*known, *beside])
    keys: dict[tuple[str, str], str] = {}
    marks: dict[str, str] = {}
    for which, document in enumerate(known):
        for place in places(document, like=before if document is after else None):
            keys.setdefault((place.label, place.pointer), place.key)
            marks[place.key] = marks.get(place.key) or withholding.mark_about(which, place)
    found = [(one, marks[keys[one.label, one.path]]) for one in changed]
    former = [
        name
        for one, mark in found
        if mark and withholding.names_an_entry(one.label)
        for name in names_told(one.before, one.after)
    ]
    words = Withholding([*known, *beside], former=former)
    return tuple(
        replace(
            one,
            label=words.clean(one.label),
            before=words.clean(mark or one.before),
            after=words.clean(mark or one.after),
        )
        for one, mark in found
    )


def _is_known(document: Mapping[str, object]) -> bool:
    try:
        catalogue.load(str(document.get("form")), str(document.get("form_version")))
    except catalogue.UnknownFormError:
        return False
    return True
