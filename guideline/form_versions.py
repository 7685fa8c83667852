"""様式の版 (form versions): which version of a form a draft may be on.

A review in flight keeps its form: the version that was in force when it was opened may be used until it closes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guideline.provisions import BREACH_3_3, LAW_27_1, RULE_2_1, RULE_3, Provision


@dataclass(frozen=True, slots=True)
class FormVersionRow:
    """様式の版の一行 (form version row): from which day a version of a form is the one to be used."""

    in_force_on: date
    form: str
    version: str
    era_label: str
    provisions: tuple[Provision, ...]
    confirmed: bool


FORM_VERSIONS = (
    FormVersionRow(date(2019, 1, 1), "basic_items", "2019-01", "平成31年1月", (RULE_2_1,), confirmed=True),
    FormVersionRow(date(2024, 10, 1), "basic_items", "2024-10", "令和6年10月", (LAW_27_1,), confirmed=False),
    FormVersionRow(date(2024, 10, 1), "priority_items", "2024-10", "令和6年10月", (LAW_27_1,), confirmed=False),
    FormVersionRow(date(2024, 10, 1), "all_items", "2024-10", "令和6年10月", (LAW_27_1,), confirmed=False),
    FormVersionRow(date(2024, 10, 1), "plan", "2024-10", "令和6年10月", (RULE_3,), confirmed=False),
    FormVersionRow(date(2025, 10, 1), "breach_report", "2025-10", "令和7年10月", (BREACH_3_3,), confirmed=False),
)
"""様式の版: all rows, the oldest of a form first.

The day of 令和6年10月 is that of the 指針, seen in a secondary source. Of 令和7年10月 the ordinance was
read, and not the paper form that stands in for filing by the web (別記様式).
"""


def version_in_force(form: str, *, on: date) -> FormVersionRow | None:
    """Give the version to be used on that day; None for a form or a day of which nothing is known here."""
    rows = [row for row in FORM_VERSIONS if row.form == form and row.in_force_on <= on]
    return rows[-1] if rows else None


def permitted_versions(form: str, *, opened_on: date, on: date) -> tuple[FormVersionRow, ...]:
    """Give the versions that a draft may be on: the one of the day on which the review opened, and any newer one.

    None of them is not yet in force. Empty for a form of which nothing is known here.
    """
    at_opening = version_in_force(form, on=opened_on)
    since = at_opening.in_force_on if at_opening else date.min
    return tuple(row for row in FORM_VERSIONS if row.form == form and since <= row.in_force_on <= on)
