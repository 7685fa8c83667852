"""大きな評価書 (large forms): what it costs to check a form of ten files and to compare it with its former version."""

from __future__ import annotations

import copy
import json
import time
from importlib import resources
from typing import Any

from bench.rows import Row
from guideline.changes import table_of_changes
from schemas.canonical import canonical_bytes
from schemas.forms.validation import validate

FILES = 10
LEAST_BYTES = 400_000
"""大きさの下限: bytes of the canonical form; a 全項目評価書 of a large city is as long."""

_BAR_S = 1.0
_ROUNDS = 5
_SPUN_OUT = 480  # characters that a text of the sample grows to
_CLAUSE = "（{}）作業の手順を手引に定め、実施の結果を記録し、年に一度、実態と照らして点検する。"


def large_form() -> dict[str, Any]:
    """Give a valid 様式4 of ten files, of the length of a real one, made from the sample of two."""
    sample = json.loads(resources.files("demo").joinpath("documents/sapporo-7-all-items.json").read_text("utf-8"))
    names = [f"大きな見本ファイル{number}" for number in range(1, FILES + 1)]
    sample["basic_information"]["files"] = names
    for part, key in (("files", "name"), ("risks", "file")):
        of_the_sample = sample[part]
        sample[part] = [
            _spun_out(of_the_sample[at % len(of_the_sample)]) | {key: name} for at, name in enumerate(names)
        ]
    form: dict[str, Any] = sample
    return form


def _spun_out(value: Any) -> Any:
    """Make each text of a part longer; what is a name, a choice or a day stays as it is."""
    if isinstance(value, dict):
        return {key: _spun_out(inner) for key, inner in value.items()}
    if not isinstance(value, str) or not value.endswith("。"):
        return copy.deepcopy(value)
    number = 0
    while len(value) < _SPUN_OUT:
        number += 1
        value += _CLAUSE.format(number)
    return value


def revised(form: dict[str, Any]) -> dict[str, Any]:
    """Give the form with one measure of each file improved, the files in another order."""
    after = copy.deepcopy(form)
    for risks in after["risks"]:
        risks["acquisition"]["inaccuracy"] = {"measures": "入力を二人で確かめる。", "answer": "particular_effort"}
    after["files"].reverse()
    after["risks"].reverse()
    return after


def measure_forms() -> Row:
    """Check the large form and compare it with its former version; the slowest of several rounds counts."""
    before = large_form()
    after = revised(before)
    size = len(canonical_bytes(after))
    validate(after)  # the schema is read and checked once in the life of a process
    slowest_s = max(_once(before, after) for _ in range(_ROUNDS))
    conditions = f"様式4 of {size:,} bytes, {FILES} files; the slowest of {_ROUNDS} rounds, in seconds"
    return Row("large form: seconds to check and compare, at most", slowest_s, _BAR_S, slowest_s <= _BAR_S, conditions)


def _once(before: dict[str, Any], after: dict[str, Any]) -> float:
    began = time.perf_counter()
    errors, changed = validate(after), table_of_changes(before, after)
    took = time.perf_counter() - began
    if errors or not changed:
        raise AssertionError("the sample is not valid, or does not differ from its former version")
    return took
