"""編集のページに示すもの (what an editor page shows): the parts of a form, with what is wrong and changed at each."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from client.entries import entry_mark
from client.merging import Typed
from client.typed import as_typed, mark_of, typed_of
from client.working_copy_views import Sheet
from guideline.changes import ChangedItem
from guideline.withholding import TABLE, keys_in, keys_of
from schemas.forms import catalogue
from schemas.forms.boxes import Box, BoxKind, boxes, chapters
from schemas.forms.catalogue import Section
from schemas.forms.errors import FormError

_NOT_FILLED_IN = "公表のときに、公表している版との違いから自動で作られます。ふだんは空のままにします。"
_LEADS = {
    "changes": _NOT_FILLED_IN,
    TABLE: "公表するときに載せない場所を、理由と根拠とともに挙げます（提出はされます）。",
}


@dataclass(frozen=True)
class Part:
    """一ページ分 (part): a section of a form, or one entry of a repeated one; its `entries` have pages of their own."""

    section: Section
    box: Box
    address: str
    errors: int
    warnings: int
    changed: int
    entries: tuple["Part", ...] = ()

    @property
    def title(self) -> str:
        """What its page is called."""
        return self.section.label if len(self.box.keys) == 1 else f"{self.section.number} {self.box.title}"


@dataclass(frozen=True)
class Shown:
    """編集のページ: the sheet, the part that is open, and what was typed but could not be saved."""

    sheet: Sheet
    parts: tuple[Part, ...]
    part: Part
    typed: Typed = field(default_factory=Typed)
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def lead(self) -> str:
        """What is said of the section before it is filled in."""
        return _LEADS.get(self.part.section.id, "")

    @property
    def opens_pages(self) -> bool:
        """Whether its entries have pages of their own."""
        return len(self.part.box.keys) == 1 and bool(self.part.box.name_key)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What is filled in on the page; nothing where its entries have pages of their own."""
        if self.opens_pages:
            return ()
        return self.part.box.inside if self.part.box.kind is BoxKind.GROUP else (self.part.box,)

    @property
    def has_files(self) -> bool:
        """Whether a file can be chosen on the page, for its SHA-256."""
        return any(one.kind is BoxKind.DIGEST for box in self.boxes for one in box.leaves())

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """What the entries are known by, of each repeated part on the way to this page and on it."""
        chapter = next(one.box for one in self.parts if one.section.id == self.part.section.id)
        on_the_way = () if chapter is self.part.box else (chapter,)
        found = [one for one in (*on_the_way, *self.part.box.parts()) if one.kind is BoxKind.ENTRIES]
        return tuple((one.pointer, json.dumps(one.names, ensure_ascii=False)) for one in found)

    @property
    def neighbours(self) -> tuple[Part | None, Part | None]:
        """The page before and the page after."""
        row = [one for part in self.parts for one in (part, *part.entries)]
        at = next(index for index, one in enumerate(row) if one.address == self.part.address)
        return (row[at - 1] if at else None), (row[at + 1] if at + 1 < len(row) else None)

    def values(self, box: Box) -> tuple[str, ...]:
        """Give what stands in a box: what was typed, where it could not be saved."""
        sent = self.typed.values.get(box.pointer)
        return typed_of(box) if sent is None else as_typed(box, sent)

    def mark(self, box: Box) -> str:
        """Give the mark of what the box showed when the page was opened."""
        return self.typed.marks.get(box.pointer) or mark_of(typed_of(box))

    def input_of(self, box: Box) -> str:
        """Give the input that shows all of what stands in a box: one for days would show nothing of what is no day."""
        text = "".join(self.values(box))
        if "\n" in text and box.kind in (BoxKind.LINE, BoxKind.DIGEST):
            return BoxKind.TEXT.value
        if box.kind is BoxKind.DAY and text:
            try:
                date.fromisoformat(text)
            except ValueError:
                return BoxKind.LINE.value
        return box.kind.value

    def entry_mark(self, box: Box) -> str:
        """Give the mark of an entry, so that nobody removes what another has just changed."""
        return entry_mark(box.value)

    def wrong(self, box: Box) -> tuple[str, ...]:
        """Give every error at a box, or at something in it that is no box."""
        refused = self.refused.get(box.pointer)
        return (*((refused,) if refused else ()), *(one.message for one in self._at(box, self.sheet.errors)))

    def doubtful(self, box: Box) -> tuple[str, ...]:
        """Give every warning at a box."""
        return tuple(one.message for one in self._at(box, self.sheet.warnings))

    def was(self, box: Box) -> ChangedItem | None:
        """Give how the published version reads, where it reads otherwise."""
        return next((one for one in self.sheet.changed if one.path == box.pointer), None)

    def places(self) -> tuple[tuple[str, str], ...]:
        """Give every place that can be withheld, for the table of what is not published."""
        if self.part.section.id != TABLE:
            return ()
        return tuple(
            (box.pointer, label_of(self.sheet, box.pointer))
            for box in boxes(self.sheet.content).values()
            if box.value is not None and box.keys[0] != TABLE and (box.withholdable or not box.is_leaf)
        )

    def names_a_place(self, box: Box) -> bool:
        """Say whether a box of the table of what is not published names a place."""
        return box.keys[0] == TABLE and box.keys[-1] == "place"

    def place_named(self, box: Box) -> str:
        """Call the place that a row names, where there is one."""
        place = "".join(self.values(box))
        return label_of(self.sheet, place) if keys_of(place, self.sheet.content) else ""

    def faults(self) -> tuple[tuple[FormError, str], ...]:
        """Give what is wrong on this page, with where to find it."""
        return self._placed(self.sheet.errors)

    def doubts(self) -> tuple[tuple[FormError, str], ...]:
        """Give what is to be looked at again on this page, with where to find it."""
        return self._placed(self.sheet.warnings)

    def _placed(self, found: tuple[FormError, ...]) -> tuple[tuple[FormError, str], ...]:
        own = self.part.box.pointer
        here = {one.pointer for one in self.part.box.parts()}
        return tuple(
            (error, _nearest(error.path, here) or own)
            for error in found
            if error.path == own or error.path.startswith(f"{own}/")
        )

    def _at(self, box: Box, found: tuple[FormError, ...]) -> tuple[FormError, ...]:
        own = box.pointer
        inside = {one.pointer for one in box.parts()} - {own}
        return tuple(
            error
            for error in found
            if error.path == own or (error.path.startswith(f"{own}/") and _nearest(error.path, inside) is None)
        )


def parts_of(sheet: Sheet) -> tuple[Part, ...]:
    """Give every page of a form, with how much is wrong and changed on each."""
    base = address_of(sheet.review_id, sheet.form)
    counts = [Counter[str]() for _ in range(3)]
    for counted, paths in zip(
        counts,
        (
            [one.path for one in sheet.errors],
            [one.path for one in sheet.warnings],
            [one.path for one in sheet.changed],
        ),
        strict=True,
    ):
        for path in paths:
            counted.update({"/".join(path.split("/")[:length]) for length in (2, 3)})

    def part(section: Section, box: Box, entries: tuple[Part, ...] = ()) -> Part:
        errors, warnings, changed = (counted[box.pointer] for counted in counts)
        return Part(section, box, f"{base}{box.pointer}", errors, warnings, changed, entries)

    return tuple(
        part(section, box, tuple(part(section, one) for one in box.inside) if box.name_key else ())
        for section, box in chapters(sheet.content)
    )


def address_of(review_id: str, form: str = "") -> str:
    """Give the address of the documents of a review, or of one form of them."""
    return f"/reviews/{review_id}/documents" + (f"/{form}" if form else "")


def label_of(sheet: Sheet, place: str) -> str:
    """Call a place as people call it, whether or not something stands there."""
    form = catalogue.load(sheet.form, str(sheet.content["form_version"]))
    try:
        return catalogue.label(tuple(catalogue.walk(form.schema, keys_in(place), sheet.content)))
    except KeyError:  # no page of ours sends such a place
        return place


def shown(sheet: Sheet, section: str, entry: int | None = None) -> Shown | None:
    """Give a page of a form; None where the form has no such part."""
    parts = parts_of(sheet)
    part = next((one for one in parts if one.section.id == section), None)
    if part is not None and entry is not None:
        part = part.entries[entry] if entry < len(part.entries) else None
    return Shown(sheet, parts, part) if part else None


def _nearest(path: str, here: set[str]) -> str | None:
    while path:
        if path in here:
            return path
        path = path.rpartition("/")[0]
    return None
