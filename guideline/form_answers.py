"""記載の読取り (form answers): what a rule across items reads of a document, what it finds, and how it is told."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from schemas.forms import catalogue
from schemas.forms.catalogue import EACH, Item
from schemas.forms.errors import FormError, Severity
from schemas.forms.places import Place, places
from schemas.forms.wording import wording


class EntryName(NamedTuple):
    """各件の名称 (entry name): how one entry of a repeated part is called; `part` is the same for its neighbours."""

    part: str
    path: str
    kind: str
    name: str


class Answers:
    """回答 (answers) of one document, by path; a missing or impossible answer is None, and its rules stay silent.

    Raises UnknownFormError.
    """

    def __init__(self, document: Mapping[str, object]) -> None:
        self._form = catalogue.load(str(document.get("form")), str(document.get("form_version")))
        self._items = {item.path: item for item in catalogue.items(self._form.name, self._form.version)}
        self._document = document

    @property
    def form(self) -> str:
        return self._form.name

    @property
    def form_number(self) -> str:
        """The number of the form as people call it, such as 様式4."""
        return self._form.title.split()[0]

    @property
    def form_title(self) -> str:
        """The title of the document on this form, such as 全項目評価書."""
        return str(self._form.schema["title"])

    @functools.cached_property
    def places(self) -> tuple[Place, ...]:
        """Every place of the document, in the order of the form."""
        return places(self._document)

    def item(self, path: str) -> Item:
        return self._items[_template(path)]

    def label(self, path: str) -> str:
        """Give the number and title of a place; the entries of repeated parts by their names."""
        return catalogue.label(self._steps(path))

    def order(self, path: str) -> tuple[int, ...]:
        """Give what sorts a place in the order of the form."""
        return tuple(step.position for step in self._steps(path))

    def names(self) -> Iterator[EntryName]:
        """Give the name of each entry of each repeated part, in the order of the form."""
        for place in self.places:
            *outer, index, key = place.pointer.split("/")
            part = "/".join(outer)
            if index.isdigit() and key == (node := self._node(part))["x-key"]:
                yield EntryName(part, place.pointer, str(node["x-repeat"]), self.text(place.pointer))

    def choice(self, path: str) -> str | None:
        """Give the choice made; None also where the form has no such item."""
        item = self._items.get(_template(path))
        value = self._value(path)
        return value if item and isinstance(value, str) and value in item.choices else None

    def choices(self, path: str) -> tuple[str, ...] | None:
        """Give what is ticked of several; None where nothing is, or something that is no choice."""
        value, known = self._value(path), self.item(path).choices
        ticked = value if isinstance(value, list) else []
        return tuple(ticked) if ticked and all(isinstance(one, str) and one in known for one in ticked) else None

    def words(self, path: str) -> str:
        """Give the answer as it reads in the form."""
        return wording(self.item(path), self.choice(path))

    def text(self, path: str) -> str:
        """Give what is written there without the space around it; nothing where nothing is."""
        value = self._value(path)
        return value.strip() if isinstance(value, str) else ""

    def day(self, path: str) -> date | None:
        try:
            return date.fromisoformat(self.text(path))
        except ValueError:
            return None

    def entries(self, path: str) -> tuple[str, ...]:
        """Give the path of each entry of a repeated part, or of each line of a list."""
        value = self._value(path)
        return tuple(f"{path}/{index}" for index in range(len(value))) if isinstance(value, list) else ()

    def lines(self, path: str) -> tuple[str, ...]:
        """Give the lines of a list that say something."""
        return tuple(filter(None, map(self.text, self.entries(path))))

    def _value(self, path: str) -> object:
        return catalogue.value_at(self._document, _keys(path))

    def _steps(self, path: str) -> tuple[catalogue.Step, ...]:
        return tuple(catalogue.walk(self._form.schema, _keys(path), self._document))

    def _node(self, path: str) -> catalogue.Schema:
        return self._steps(path)[-1].node


def _keys(path: str) -> tuple[str | int, ...]:
    return tuple(int(key) if key.isdigit() else key for key in path.split("/")[1:])


def _template(path: str) -> str:
    return "/".join(EACH if key.isdigit() else key for key in path.split("/"))


class Breach(NamedTuple):
    """規則に合わない記載 (breach): where it stands, and the sentence that says what to do."""

    path: str
    message: str


@dataclass(frozen=True)
class FormRule:
    """整合の規則 (form rule): its id, its sentence, where it comes from, and the function that finds the breaches."""

    id: str
    sentence: str
    provision: str
    find: Callable[[Answers, date], Iterable[Breach]]
    severity: Severity = Severity.ERROR


def broken(rules: Iterable[FormRule], answers: Answers, *, on: date) -> Iterator[FormError]:
    """Hold the rules against a document; one error for each breach, in the order of the form."""
    found = [(answers.order(breach.path), breach, rule) for rule in rules for breach in rule.find(answers, on)]
    for _, breach, rule in sorted(found, key=lambda each: each[0]):
        yield FormError(
            path=breach.path,
            item=answers.label(breach.path),
            message=f"{breach.message}（{rule.provision}）",
            rule=rule.id,
            severity=rule.severity,
        )
