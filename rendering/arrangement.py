"""配置 (arrangement): a document in the order of its form: parts with headings, rows and tables, for any kind of file.

All comes from the annotations of the schema file; no item is listed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rendering.edition import Edition
from schemas.changes import BESIDE_THE_COLUMNS, ChangeRow
from schemas.forms import catalogue
from schemas.forms.catalogue import EACH, Item, Schema
from schemas.forms.places import places
from schemas.forms.wording import NOTHING, japanese_day, wording

_CHANGES, _WITHHELD = "changes", "withheld"


@dataclass(frozen=True, slots=True)
class Heading:
    """見出し (heading) of a group of items, or of an entry of a repeated part; 1 is the highest below the part."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Choice:
    """選択肢 (choice), and whether it was chosen."""

    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """項目の一行 (row): number, title, and the text or the choices."""

    number: str
    title: str
    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """表 (table) with a heading for each column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Row | Table


@dataclass(frozen=True, slots=True)
class Part:
    """部分 (part) of a document: a section, or one entry of a section that is repeated.

    `name` is short, and is not the name of the entry, which may be long or withheld.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]
    is_entry: bool = False


@dataclass(frozen=True, slots=True)
class Arranged:
    """配置された文書 (arranged document)."""

    title: str
    form: str
    parts: tuple[Part, ...]


def arrange(edition: Edition) -> tuple[Arranged, ...]:
    """Arrange every document of an edition.

    A row of the version's table of changes stands in the document on its form; where it names none, in the one that
    has its item, or else in the first one.
    """
    labels = [{place.label for place in places(document)} for document in edition.documents]
    forms = [document.get("form") for document in edition.documents]
    homes = [
        forms.index(row.form)
        if row.form in forms
        else next((n for n, known in enumerate(labels) if row.item in known), 0)
        for row in edition.changes
    ]
    return tuple(
        arranged(document, changes=[row for row, home in zip(edition.changes, homes, strict=True) if home == number])
        for number, document in enumerate(edition.documents)
    )


def arranged(document: Mapping[str, object], *, changes: Sequence[ChangeRow] = ()) -> Arranged:
    """Arrange one document, however incomplete, with the rows of a version's table of changes that it does not hold.

    Raises UnknownFormError.
    """
    form = catalogue.load(str(document.get("form")), str(document.get("form_version")))
    by = _Arranging(form.schema, document, {item.path: item for item in catalogue.items(form.name, form.version)})
    parts = tuple(part for key, node in form.schema["properties"].items() for part in by.parts(key, node, changes))
    return Arranged(title=f"{form.title}（{form.era_label}）", form=form.title.split()[0], parts=parts)


@dataclass(frozen=True, slots=True)
class _Arranging:
    """One document on its way through its form."""

    schema: Schema
    document: Mapping[str, object]
    items: Mapping[str, Item]

    def parts(self, key: str, node: Schema, changes: Sequence[ChangeRow]) -> Iterator[Part]:
        if "x-section" not in node:
            return
        number, title, value = node["x-section"], node["title"], self.document.get(key)
        if key == _WITHHELD:
            if value:
                yield Part(number, f"{number} {title}", tuple(self._withheld(node, value)))
        elif key == _CHANGES:
            yield Part(number, f"{number} {title}", tuple(self._changes(node, value, changes)))
        elif "x-repeat" in node and isinstance(value, list):
            for index, entry in enumerate(value):
                blocks = tuple(self._below(node["items"], entry, f"/{key}/{EACH}", number, title, 1))
                called = f"{number} {title}（{_called(node, index, entry)}）"
                yield Part(f"{number} {node['x-repeat']}{index + 1}", called, blocks, is_entry=True)
        elif "x-display" in node or isinstance(value, str) or value is None:
            yield Part(number, f"{number} {title}", (self._row(node, value, f"/{key}", number),))
        else:
            yield Part(number, f"{number} {title}", tuple(self._below(node, value, f"/{key}", number, title, 1)))

    def _below(  # noqa: PLR0913, PLR0917 # where in the form, where in the document, and how it is called there
        self, node: Schema, value: object, path: str, number: str, title: str, level: int
    ) -> Iterator[Block]:
        """Arrange what is in a group or an entry; a group that is withheld or not stated is one row."""
        if not isinstance(value, Mapping):
            yield Row(number, title, _text(value))
            return
        for key, inner in node.get("properties", {}).items():
            below, at = value.get(key), f"{path}/{key}"
            its_number, its_title = inner.get("x-item", number), inner["title"]
            if "x-repeat" in inner and isinstance(below, list):
                yield from self._entries(inner, below, at, level)
            elif "x-display" in inner or not isinstance(below, Mapping):
                yield self._row(inner, below, at, number)
            else:
                yield Heading(f"{its_number} {its_title}", level)
                yield from self._below(inner, below, at, its_number, its_title, level + 1)

    def _entries(self, node: Schema, entries: list[Any], path: str, level: int) -> Iterator[Block]:
        yield Heading(f"{node['x-item']} {node['title']}", level)
        for index, entry in enumerate(entries):
            yield Heading(_called(node, index, entry), level + 1)
            yield from self._below(node["items"], entry, f"{path}/{EACH}", node["x-item"], node["title"], level + 2)

    def _row(self, node: Schema, value: object, path: str, number: str) -> Row:
        item = self.items.get(path)
        if item is None:
            return Row(node.get("x-item", number), node["title"], _text(value))
        if item.choices and (value is None or _only_choices(item, value)):
            chosen = value if isinstance(value, list) else [value]
            choices = tuple(Choice(title, key in chosen) for key, title in item.choices.items())
            return Row(item.number, item.title, "", choices)
        if item.display == "list" and isinstance(value, list) and value:
            return Row(item.number, item.title, "\n".join(f"・{wording(item, one)}" for one in value))
        return Row(item.number, item.title, wording(item, value))

    def _withheld(self, node: Schema, value: object) -> Iterator[Block]:
        columns = {key: one["title"] for key, one in node["items"]["properties"].items()}
        titles = {"place": "項目"} | {key: title for key, title in columns.items() if key != "place"}
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        yield Table(tuple(titles.values()), tuple(self._cells(node, row, titles) for row in rows))

    def _changes(self, node: Schema, value: object, changes: Sequence[ChangeRow]) -> Iterator[Block]:
        titles = {key: one["title"] for key, one in node["items"]["properties"].items()}
        if isinstance(value, str):
            yield Row(node["x-section"], node["title"], value)
        own = [dict(row) for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        more = [
            row for one in changes if (row := one.model_dump(mode="json", exclude=set(BESIDE_THE_COLUMNS))) not in own
        ]
        rows = [*own, *more] if not isinstance(value, str) else more
        if rows or not isinstance(value, str):
            yield Table(tuple(titles.values()), tuple(self._cells(node, row, titles) for row in rows))

    def _cells(self, node: Schema, row: Mapping[str, object], titles: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(self._cell(node["items"]["properties"][key], key, row.get(key)) for key in titles)

    def _cell(self, node: Schema, key: str, value: object) -> str:
        if key == "place":
            return place_label(self.schema, str(value), self.document)
        if node.get("x-display") == "date":
            return _day(value)
        return catalogue.choices(self.schema, node).get(str(value), _text(value))


def place_label(schema: Schema, place: str, document: object) -> str:
    """Give the label of a place by its JSON pointer; the pointer itself where it leads nowhere."""
    keys = [int(part) if part.isdigit() else part for part in place.split("/")[1:]]
    steps = tuple(catalogue.walk(schema, keys, document))
    return catalogue.label(steps) if len(steps) == len(keys) else place


def _called(node: Schema, index: int, entry: object) -> str:
    """Call an entry by its kind, number and whole name; a withheld name says kind and number already."""
    called = f"{node['x-repeat']}{index + 1}"
    name = catalogue.name_of(node, entry)
    if name is None or name.startswith(called):
        return name or called
    return f"{called}「{name}」"


def _only_choices(item: Item, value: object) -> bool:
    return all(one in item.choices for one in (value if isinstance(value, list) else [value]))


def _text(value: object) -> str:
    return value if isinstance(value, str) and value else NOTHING


def _day(value: object) -> str:
    try:
        return japanese_day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)
