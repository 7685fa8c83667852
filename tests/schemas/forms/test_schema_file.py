from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from schemas.forms.catalogue import Form, known_forms, resolve
from schemas.forms.sentences import KEYWORDS

_STRUCTURE = {"properties", "items", "allOf", "if", "then", "const", "$ref", "$defs", "$schema", "$id", "title"}
_DISPLAYS = {"line", "text", "list", "choice", "choices", "date", "flag", "table"}


def _nodes(node: object, key: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        yield key, node
        for name, inner in node.items():
            yield from _nodes(inner, name)
    elif isinstance(node, list):
        for inner in node:
            yield from _nodes(inner, key)


def _schemas(form: Form) -> Iterator[dict[str, Any]]:
    """Every schema of a form, without the maps that only name schemas and without the conditions."""

    def below(node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        yield dict(node)
        for inner in [*node.get("properties", {}).values(), *node.get("$defs", {}).values(), *node.get("allOf", [])]:
            yield from below(inner)
        for keyword in ("items", "then"):
            if keyword in node:
                yield from below(node[keyword])

    return below(form.schema)


@pytest.fixture(params=known_forms(), ids=lambda form: f"{form.title} {form.era_label}")
def form(request: pytest.FixtureRequest) -> Form:
    found: Form = request.param
    return found


def test_a_form_is_a_valid_schema_of_draft_2020_12(form: Form) -> None:
    assert form.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(form.schema)
    assert jsonschema_rs.meta.is_valid(dict(form.schema))


def test_a_form_lies_under_its_own_name_and_version(form: Form) -> None:
    assert form.schema["$id"] == f"urn:minaoshi:form:{form.name}:{form.version}"
    assert form.schema["properties"]["form"]["const"] == form.name
    assert form.schema["properties"]["form_version"]["const"] == form.version


def test_a_form_refuses_only_by_keywords_that_have_a_japanese_sentence(form: Form) -> None:
    for schema in _schemas(form):
        used = {keyword for keyword in schema if not keyword.startswith("x-")}
        assert used <= _STRUCTURE | KEYWORDS


def test_a_form_has_no_schema_false_because_the_library_does_not_tell_its_place(form: Form) -> None:
    for key, node in _nodes(dict(form.schema)):
        if key == "properties":
            assert False not in node.values()


def test_every_object_of_a_form_is_closed_to_unknown_items(form: Form) -> None:
    for schema in _schemas(form):
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False


def test_every_list_and_every_text_of_a_form_is_bounded(form: Form) -> None:
    for schema in _schemas(form):
        if schema.get("type") == "array":
            assert "maxItems" in schema
        if "$ref" in schema and "pattern" in resolve(form.schema, schema):
            assert "maxLength" in schema


def test_every_choice_of_a_form_has_a_japanese_title(form: Form) -> None:
    for schema in _schemas(form):
        if "enum" in schema:
            assert schema["enum"] == list(schema["x-choices"])
            assert all(title and not title.isascii() for title in schema["x-choices"].values())


def test_every_item_of_a_form_carries_its_annotations(form: Form) -> None:
    for schema in _schemas(form):
        if "x-display" in schema and "x-item" in schema:
            assert schema["x-display"] in _DISPLAYS
            assert {"title", "x-material-change", "x-withholdable", "x-confirmed"} <= set(schema)


def test_every_condition_of_a_form_says_in_words_when_it_applies(form: Form) -> None:
    for schema in _schemas(form):
        assert ("if" in schema) == ("x-when" in schema)
