"""記載の整合 (form rules): what must agree across the items of a form, and no schema can say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from guideline.basic_items_rules import BASIC_ITEMS_RULES
from guideline.breach_report_rules import BREACH_REPORT_RULES
from guideline.comment_rules import COMMENT_RULES
from guideline.form_answers import Answers, FormRule, broken
from guideline.larger_form_rules import LARGER_FORM_RULES
from schemas.forms.catalogue import UnknownFormError
from schemas.forms.errors import FormError

RULES = (*BASIC_ITEMS_RULES, *LARGER_FORM_RULES, *COMMENT_RULES, *BREACH_REPORT_RULES)
"""記載の整合: every rule of every form, but for those between the documents of one set (`guideline.set_rules`)."""

_LARGER = (*LARGER_FORM_RULES, *COMMENT_RULES)
_RULES_OF: Mapping[str, tuple[FormRule, ...]] = {
    "basic_items": BASIC_ITEMS_RULES,
    "priority_items": _LARGER,
    "all_items": _LARGER,
    "breach_report": BREACH_REPORT_RULES,
}


def check(document: object, *, on: date) -> tuple[FormError, ...]:
    """Check the rules across items, on the numbers in force on that day; all errors and warnings, in the form's order.

    A document is refused for errors only: `Severity`. It may be incomplete or invalid: a rule whose answers are missing
    is silent, and all of them are where the form is not known. `schemas.forms.validation.validate` speaks of those.
    Raises NotInForceError for a day before the first numbers.
    """
    if not isinstance(document, Mapping):
        return ()
    try:
        answers = Answers(document)
    except UnknownFormError:
        return ()
    return tuple(broken(_RULES_OF[answers.form], answers, on=on))
