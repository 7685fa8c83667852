"""書類 (papers): the drafts of ten years, each on the form that is in force and with a text of its own."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

from client.form_content import on_version
from guideline.end_of_business import mark_of
from schemas.levels import Level
from tests.guideline.sample_documents import PRIORITY_ITEMS
from tests.guideline.sample_documents import document as sample
from tests.house import basic_document, document
from tests.workflows.test_form_sets import basic_items as beside_priority
from tests.years.population import Planned

FORM_AMENDED_ON = date(2024, 10, 1)
"""様式の改正: the real one; until then a 様式2 is on the form of 平成31年1月."""


def draft(planned: Planned, *, level: Level, on: date, ended_on: date | None = None, whole: bool) -> list[bytes]:
    """Give the documents of a draft that is written on that day: all of its level, or 様式2 alone."""
    contents = deepcopy(_templates(level, on >= FORM_AMENDED_ON, planned.band))
    basic = contents[0]
    basic["cover"]["special_notes"] = f"{on.isoformat()}に記載した。"
    if ended_on is not None:
        basic["cover"]["assessment_name"] += mark_of(ended_on)
    for content in contents:
        content["cover"]["assessment_number"] = planned.number
    return [json.dumps(one, ensure_ascii=False).encode() for one in (contents if whole else contents[:1])]


@cache
def _templates(level: Level, is_amended: bool, band: str) -> list[dict[str, Any]]:  # noqa: FBT001 # of the cache's key
    basic, *larger = _set_of(level, band)
    if not is_amended:
        basic, _ = on_version(basic, form="basic_items", version="2019-01")
    return [basic, *larger]


def _set_of(level: Level, band: str) -> list[dict[str, Any]]:
    if level is Level.ALL_ITEMS:
        return [document("corrected"), document("all-items")]
    if level is Level.PRIORITY_ITEMS:
        larger = sample(PRIORITY_ITEMS)
        larger["basic_information"]["business"]["data_subjects"] = band
        return [beside_priority(band=band, level="priority_items"), larger]
    return [basic_document(band=band)]
