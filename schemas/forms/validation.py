"""様式による検査 (validation): a document against its form, with every mistake at once, in Japanese."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from schemas.canonical import canonical_bytes
from schemas.forms import catalogue, sentences
from schemas.forms.errors import WHOLE, FormError
from schemas.forms.parsing import too_large, unbearable


def validate(document: object) -> tuple[FormError, ...]:
    """Check plain JSON data against the form that it names; gives every mistake, in the order of the form."""
    if not isinstance(document, Mapping):
        message = "評価書は項目の組で記入してください。これは一つの値か、値の一覧です。"
        return (FormError(path="", item=WHOLE, message=message, rule="not_an_object"),)
    errors = unbearable(document) or too_large(canonical_bytes(document)) or _unknown_form(document)
    return errors or _mistakes(catalogue.load(document["form"], document["form_version"]), document)


def _unknown_form(document: Mapping[str, object]) -> tuple[FormError, ...]:
    forms = catalogue.known_forms()
    for key in ("form", "form_version"):
        if key not in document:
            return (sentences.missing(forms[0].schema, key),)
    same = [form for form in forms if form.name == document["form"]]
    if not same:
        known = "、".join(f"「{form.name}」（{form.title}）" for form in forms)
        message = f"様式{sentences.quoted(document['form'])}は登録されていません。登録されている様式は{known}です。"
        return (FormError(path="/form", item="評価書の様式", message=message, rule="unknown_form"),)
    if document["form_version"] not in [form.version for form in same]:
        known = "、".join(f"「{form.version}」（{form.era_label}）" for form in same)
        given = sentences.quoted(document["form_version"])
        message = f"「{same[0].title}」に版{given}はありません。登録されている版は{known}です。"
        return (FormError(path="/form_version", item="評価書の様式の版", message=message, rule="unknown_form_version"),)
    return ()


def _mistakes(form: catalogue.Form, document: Any) -> tuple[FormError, ...]:
    within = sentences.Within(form.schema, document)
    found = [each for error in _validator(form).iter_errors(document) for each in sentences.found(within, error)]
    not_needed = {each.path for each in found if each.error.rule == "not_needed"}
    kept = {
        (each.path, each.error.rule): each
        for each in found
        if each.error.rule == "not_needed"
        or not any(each.path[:length] in not_needed for length in range(len(each.path) + 1))
    }
    return tuple(each.error for each in sorted(kept.values(), key=lambda each: (each.order, each.error.rule)))


@functools.cache
def _validator(form: catalogue.Form) -> Validator:
    _Forms.check_schema(form.schema)
    validator: Validator = _Forms(form.schema, format_checker=FormatChecker())
    return validator


def _unless_too_many(keyword: str) -> Any:
    """Look into a list only if it keeps its bound: one error then, not one for each of a million entries."""
    look = Draft202012Validator.VALIDATORS[keyword]

    def bounded(
        validator: Validator, value: Any, instance: Any, schema: Mapping[str, Any]
    ) -> Iterator[ValidationError]:
        if not validator.is_type(instance, "array") or len(instance) <= schema["maxItems"]:
            yield from look(validator, value, instance, schema) or ()

    return bounded


_Forms = extend(  # type: ignore[no-untyped-call]  # untyped in types-jsonschema
    Draft202012Validator, {keyword: _unless_too_many(keyword) for keyword in ("items", "uniqueItems")}
)

__all__ = ["FormError", "validate"]
