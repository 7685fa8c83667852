import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from client.drafts import document_from, faults_of, set_of
from client.errors import InvalidDocumentError
from schemas.forms.errors import Severity
from tests.guideline.breaches import draft as breach_report
from tests.guideline.sample_documents import ALL_ITEMS, changed

_AT = datetime(2026, 4, 1, tzinfo=UTC)
_ISSUE = {"/risks/0/use/copying/answer": "issues_remain"}
_TOLD = {**_ISSUE, "/risks/0/use/other_risks": "書出しの記録の点検を、週に一度に改める。"}


def _draft(places: Mapping[str, object]) -> bytes:
    return json.dumps(changed(ALL_ITEMS, places)).encode()


def test_a_warning_is_told_but_does_not_refuse_a_draft() -> None:
    assert [fault.severity for fault in faults_of(_draft(_TOLD))] == [Severity.WARNING]
    stored = document_from(_draft(_TOLD), on=_AT)
    manifest = set_of([stored])
    assert manifest.documents[0].sha256 == stored.sha256


def test_an_error_refuses_a_draft_and_is_told_without_the_warnings() -> None:
    draft = _draft({**_TOLD, "/risks/1/use/copying/answer": "issues_remain"})
    assert [fault.severity for fault in faults_of(draft)] == [Severity.WARNING, Severity.ERROR]
    with pytest.raises(InvalidDocumentError) as refused:
        document_from(draft, on=_AT)
    assert [fault.rule for fault in refused.value.errors] == ["issue_has_countermeasure"]


def test_a_breach_report_is_no_part_of_an_assessment() -> None:
    document = json.dumps(breach_report()).encode()
    (fault,) = faults_of(document)
    assert (fault.path, fault.rule) == ("/form", "derived_form")
    assert fault.message.startswith("漏えい等報告書は、評価書の一部ではありません。")
    with pytest.raises(InvalidDocumentError):
        document_from(document, on=_AT)


@pytest.mark.parametrize("form", [None, 1, ["breach_report"]], ids=["空", "数", "一覧"])
def test_a_form_that_is_no_word_is_refused_by_its_form(form: object) -> None:
    (fault,) = faults_of(json.dumps({"form": form, "form_version": "2025-10"}).encode())
    assert (fault.path, fault.rule) == ("/form", "unknown_form")
