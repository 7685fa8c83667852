"""誤りの文 (sentences): from what the JSON Schema library found to a sentence that a drafter can act on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from schemas.forms import catalogue
from schemas.forms.errors import FormError, pointer, shortened

_MOST_UNKNOWN = 20  # unknown keys of one place that are named one by one

_TYPES = {"object": "項目の組", "array": "一覧", "string": "文字"}

Path = tuple[str | int, ...]


class LibraryError(Protocol):
    """ライブラリの誤り: what is used of `jsonschema.ValidationError`, whose own types admit values not yet set."""

    validator: Any
    validator_value: Any
    instance: Any
    schema: Any

    @property
    def absolute_path(self) -> Iterable[str | int]: ...

    @property
    def absolute_schema_path(self) -> Iterable[str | int]: ...


class Found(NamedTuple):
    """見付けた誤り (a mistake found): the order of its place in the form, its path, and the error."""

    order: tuple[tuple[int, str], ...]
    path: Path
    error: FormError


class Within(NamedTuple):
    """検査の対象 (what is looked at): the schema of a form, and the document in which a mistake was found."""

    schema: catalogue.Schema
    document: object

    def steps(self, path: Path) -> tuple[catalogue.Step, ...]:
        """Give the steps of a place, the entries of repeated parts by their names."""
        return tuple(catalogue.walk(self.schema, path, self.document))


def found(within: Within, error: LibraryError) -> Iterator[Found]:
    """Put one error of the library into words; one that speaks of several keys gives one mistake for each."""
    path = tuple(error.absolute_path)
    if error.validator == "not":  # written {"not": {}}: of a plain `false` the library does not tell the place
        when = _when(within.schema, error)
        yield _mistake(
            within,
            path,
            "not_needed",
            lambda label: f"{when}場合は「{label}」を記入しません。記入を取り除くか、前提となる回答を直してください。",
        )
    elif error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance:
                yield _missing(within, (*path, key), _when(within.schema, error))
    elif error.validator == "additionalProperties":
        yield from _unknown(within, path, sorted(set(error.instance) - set(error.schema["properties"])))
    else:
        rule, sentence = _SENTENCES[error.validator](within.schema, error)
        yield _mistake(within, path, rule, lambda label: f"「{label}」{sentence}")


def missing(schema: catalogue.Schema, key: str) -> FormError:
    """Say that an item of the outermost level is missing."""
    return _missing(Within(schema, {}), (key,), "").error


def quoted(value: object) -> str:
    """Give the value as it can be quoted in a sentence."""
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"「{shortened(words)}」"


def _mistake(within: Within, path: Path, rule: str, sentence: Callable[[str], str]) -> Found:
    steps = within.steps(path)
    label = catalogue.label(steps)
    order = tuple((step.position, "") for step in steps)
    return Found(order, path, FormError(path=pointer(path), item=label, message=sentence(label), rule=rule))


def _missing(within: Within, path: Path, when: str) -> Found:
    node = within.steps(path)[-1].node
    titles = catalogue.choices(within.schema, node)
    if titles and "items" not in node:
        wrong, remedy = "が選ばれていません", f"{_either(titles)}を選んでください"
    elif "properties" in node:
        wrong, remedy = "の欄がありません", "欄の全ての項目を記入してください"
    else:
        wrong, remedy = "が記入されていません", "記入してください"
    condition = f"{when}場合に必要な" if when else ""
    return _mistake(within, path, "required", lambda label: f"{condition}「{label}」{wrong}。{remedy}。")


def _unknown(within: Within, path: Path, keys: list[str]) -> Iterator[Found]:
    steps = within.steps(path)
    place = catalogue.label(steps)
    order = tuple((step.position, "") for step in steps)
    for key in keys[:_MOST_UNKNOWN]:
        message = f"「{place}」に{quoted(key)}という項目はありません。取り除くか、様式にある項目に書き直してください。"
        error = FormError(path=pointer((*path, key)), item=place, message=message, rule="unknown_item")
        yield Found((*order, (len(keys) + 1_000, key)), (*path, key), error)
    if rest := keys[_MOST_UNKNOWN:]:
        message = f"「{place}」には、ほかにも様式にない項目が{len(rest)}個あります。取り除いてください。"
        error = FormError(path=pointer(path), item=place, message=message, rule="unknown_items")
        yield Found((*order, (len(keys) + 1_001, "")), path, error)


def _when(schema: catalogue.Schema, error: LibraryError) -> str:
    """Give the words of the condition under which the error arises; nothing if it arises always."""
    node: Any = schema
    words = ""
    for step in error.absolute_schema_path:
        node = node[step]
        if isinstance(node, Mapping):
            words = node.get("x-when", words)
    return words


def _either(titles: Mapping[str, str]) -> str:
    return "、".join(f"「{title}」" for title in titles.values()) + "のいずれか"


Sentence = Callable[[catalogue.Schema, LibraryError], tuple[str, str]]


def _choice(schema: catalogue.Schema, error: LibraryError) -> tuple[str, str]:
    node = next(node for node in _definitions(schema) if node.get("enum") == error.validator_value)
    return "choice", f"の{quoted(error.instance)}は選択肢にありません。{_either(node['x-choices'])}を選んでください。"


def _definitions(schema: catalogue.Schema) -> Iterable[catalogue.Schema]:
    definitions: Mapping[str, catalogue.Schema] = schema["$defs"]
    return definitions.values()


def _pattern(_: catalogue.Schema, error: LibraryError) -> tuple[str, str]:
    if shape := error.schema.get("x-shape"):
        return "shape", f"の{quoted(error.instance)}は{shape}の形ではありません。書き方を直してください。"
    if not error.instance.strip():
        return "blank", "が空白です。内容を記入してください。"
    return "control_character", "に使えない文字（制御文字、又は一行の欄での改行）が含まれています。取り除いてください。"


def _type(_: catalogue.Schema, error: LibraryError) -> tuple[str, str]:
    return "type", f"の形が様式と異なります。{_TYPES[error.validator_value]}で記入してください。"


def _date(_: catalogue.Schema, error: LibraryError) -> tuple[str, str]:
    return (
        "date",
        f"の{quoted(error.instance)}は日付ではありません。「2024-10-01」の形で、実在する日を記入してください。",
    )


def _too_long(_: catalogue.Schema, error: LibraryError) -> tuple[str, str]:
    most = error.validator_value
    return "too_long", f"が{len(error.instance):,}文字あります。{most:,}文字以内に短くしてください。"


def _too_many(_: catalogue.Schema, error: LibraryError) -> tuple[str, str]:
    most = error.validator_value
    return "too_many", f"が{len(error.instance):,}件あります。{most:,}件以内にしてください。"


def _too_few(_: catalogue.Schema, error: LibraryError) -> tuple[str, str]:
    return "too_few", f"が足りません。{error.validator_value}件以上記入してください。"


def _duplicate(_: catalogue.Schema, __: LibraryError) -> tuple[str, str]:
    return "duplicate", "に同じものが二つ以上あります。一つだけを残してください。"


_SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "enum": _choice,
        "pattern": _pattern,
        "type": _type,
        "format": _date,
        "maxLength": _too_long,
        "maxItems": _too_many,
        "minItems": _too_few,
        "uniqueItems": _duplicate,
    }
)

KEYWORDS = frozenset(_SENTENCES) | {"required", "additionalProperties", "not"}
"""検査の語 (keywords) of JSON Schema that have a sentence; a form may use no other to refuse anything."""
