"""記述 (description): the application's own OpenAPI, with what its forms ask for, which only its pages say."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI

from tests.web.fuzzing import FILE_FIELDS, Ground

_FORM, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


def described(application: FastAPI, ground: Ground, *, token: str) -> dict[str, Any]:
    """Describe the routes: what stands in an address, what it may ask for, and the fields of its form."""
    description = copy.deepcopy(application.openapi())
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            stands = [_stands(name, ground.numbers.get(name, ())) for name in re.findall(r"{(\w+)}", path)]
            asked = dict.fromkeys(ground.asked.get(path, ()) if method == "get" else ())
            operation["parameters"] = [*stands, *(_asked(name) for name in asked)]
            operation["responses"] = {"default": {"description": "a page"}}
            if method == "post":
                operation["requestBody"] = {"content": _body(_fields(ground, path), token)}
    return description


def _stands(name: str, known: Sequence[str]) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string", "minLength": 1}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"anyOf": [{"enum": list(known)}, text] if known else [text]},
    }


def _asked(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"}}


def _fields(ground: Ground, path: str) -> dict[str, str]:
    """Give the fields of every form that is sent to such an address."""
    pattern = re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(path)))
    found: dict[str, str] = {}
    for address, fields in ground.forms.items():
        if pattern.fullmatch(address):
            found |= fields
    return found


def _body(fields: Mapping[str, str], token: str) -> dict[str, Any]:
    typed = {name: _typed(value) for name, value in fields.items()}
    files = {name: {"type": "string", "format": "binary"} for name in fields if name in FILE_FIELDS or "file" in name}
    own = {"form_token": {"enum": [token]}}
    schema = {"type": "object", "properties": {**typed, **own}, "required": ["form_token"]}
    parts = {**schema, "properties": {**typed, **files, **own}}
    return {_FORM: {"schema": schema}, _PARTS: {"schema": parts}}


def _typed(value: str) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    return {"anyOf": [{"enum": [value]}, text]} if value else text
