"""評価書一式の整合 (set rules): what must agree between 様式2 and the 様式3 or 様式4 beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from guideline.document_sets import BASIC, level_of_forms, submitted_level
from guideline.form_answers import Answers
from guideline.larger_form_rules import INCIDENTS
from schemas.courses import Course
from schemas.forms.catalogue import UnknownFormError
from schemas.forms.errors import FormError, Severity, shortened

_NUMBER, _NAME, _BODY = "/cover/assessment_number", "/cover/assessment_name", "/cover/assessing_body"
_SUBMITTED = "/risk_measures/submitted_level"
_INCIDENT = "/threshold_items/serious_incident"

_BASIC = "basic_items"
_LARGER = ("priority_items", "all_items")
_FORM_NUMBERS: Mapping[str, str] = MappingProxyType({"priority_items": "様式3", "all_items": "様式4"})


@dataclass(frozen=True)
class DocumentSet:
    """評価書一式 (document set): the answers of its documents, the basic items first; `number` is what 様式1 says."""

    documents: tuple[Answers, ...]
    number: str | None

    def of(self, *forms: str) -> tuple[Answers, ...]:
        """Give the documents on these forms."""
        return tuple(document for document in self.documents if document.form in forms)

    def beside(self) -> Iterator[tuple[Answers, Answers]]:
        """Give the basic items with each larger form beside them."""
        for basic in self.of(_BASIC)[:1]:
            for larger in self.of(*_LARGER):
                yield basic, larger


class Disagreement(NamedTuple):
    """不一致 (disagreement): in which document it stands, where, and the sentence that says what to do."""

    document: Answers
    path: str
    message: str


@dataclass(frozen=True)
class SetRule:
    """一式の規則 (set rule): as a rule of one form (`FormRule`), but across the documents of a set."""

    id: str
    sentence: str
    provision: str
    find: Callable[[DocumentSet, date], Iterable[Disagreement]]
    severity: Severity = Severity.ERROR


def check_set(
    documents: Sequence[Mapping[str, object]], *, on: date, number: str | None = None
) -> tuple[FormError, ...]:
    """Check the rules across the documents of one assessment; `number` is the 評価書番号 of the 計画管理書 (規則第3条).

    Gives every error by rule; its item begins with the form: 「様式4 表紙 評価書番号」, and its path is that within the
    document on that form. A rule whose answers are missing is silent, and documents on unknown forms are left out:
    what is wrong with one document alone, `guideline.form_rules.check` and the validation tell.
    """
    known = sorted(_known(documents), key=lambda document: document.form != _BASIC)
    together = DocumentSet(tuple(known), number)
    return tuple(
        FormError(
            path=found.path,
            item=f"{found.document.form_number} {found.document.label(found.path)}",
            message=f"{found.message}（{rule.provision}）",
            rule=rule.id,
            severity=rule.severity,
        )
        for rule in SET_RULES
        for found in rule.find(together, on)
    )


_OF_A_WHOLE_SET = frozenset({"level_is_the_set", "basic_items_in_the_set"})
"""What can't be asked of one document alone: the others may be on old forms, of which only the digest is known."""


_OF_THE_LEVEL = frozenset({"level_is_the_set", "data_subjects_agree", "results_agree"})
"""What the lower form can't meet while a rise is under way: the larger one follows (規則6条2項, 7条2項, 8条)."""


def errors_of_set(
    documents: Sequence[Mapping[str, object]], *, on: date, number: str | None = None, course: Course | None = None
) -> tuple[FormError, ...]:
    """Give the errors for which a set is refused.

    Of a document that stands alone only what it says itself, but for a 再実施, which has every form of its level. A
    修正 may say in 様式2 that a larger form is to come: its publication is what opens the larger assessment.
    """
    alone = len(documents) == 1 and course is not Course.REASSESS
    not_asked = _OF_A_WHOLE_SET if alone else frozenset[str]()
    if course is Course.AMEND and _rises(documents):
        not_asked |= _OF_THE_LEVEL
    return tuple(
        found
        for found in check_set(documents, on=on, number=number)
        if found.severity is Severity.ERROR and found.rule not in not_asked
    )


def _rises(documents: Sequence[Mapping[str, object]]) -> bool:
    """Say whether 様式2 names a larger form than the set has."""
    submitted = submitted_level(next((one for one in documents if one.get("form") == BASIC), None))
    return submitted is not None and submitted.rank > level_of_forms(str(one.get("form")) for one in documents).rank


def _known(documents: Sequence[Mapping[str, object]]) -> Iterator[Answers]:
    for document in documents:
        try:
            yield Answers(document)
        except UnknownFormError:
            continue


def _number_of_the_plan(together: DocumentSet, _: date) -> Iterator[Disagreement]:
    for document in together.documents:
        given = document.text(_NUMBER)
        if together.number is not None and given and given != together.number:
            yield Disagreement(
                document,
                _NUMBER,
                f"評価書番号の「{shortened(given)}」は、計画管理書の番号「{together.number}」と異なります。"
                "計画管理書を確かめ、揃えてください。",
            )


def _covers_agree(path: str, together: DocumentSet) -> Iterator[Disagreement]:
    """Hold each cover against that of the first document: the basic items where they are there."""
    for document in together.documents[1:]:
        first, given = _cover(together.documents[0], path), _cover(document, path)
        if first and given and first != given:
            yield Disagreement(
                document,
                path,
                f"「{shortened(given)}」は、{together.documents[0].form_number}の「{shortened(first)}」と異なります。"
                "どちらが正しいかを確かめ、揃えてください。",
            )


def _cover(document: Answers, path: str) -> str:
    """Give what a cover says; 評価書名 without the kind of document that stands behind it (「… 全項目評価書」)."""
    return document.text(path).removesuffix(document.form_title).strip()


def _choices_agree(basic_path: str, larger_path: str, together: DocumentSet) -> Iterator[Disagreement]:
    for basic, larger in together.beside():
        stated = larger.choice(larger_path)
        if stated is not None and basic.choice(basic_path) not in (None, stated):
            yield Disagreement(
                larger,
                larger_path,
                f"「{larger.words(larger_path)}」は、様式2の「{basic.label(basic_path)}」の"
                f"「{basic.words(basic_path)}」と異なります。どちらが正しいかを確かめ、揃えてください。",
            )


def _files_agree(together: DocumentSet, _: date) -> Iterator[Disagreement]:
    basic_path, larger_path = "/related_information/files", "/basic_information/files"
    for basic, larger in together.beside():
        here, there = basic.lines(basic_path), larger.lines(larger_path)
        for document, path, names, others in (
            (basic, basic_path, here, there),
            (larger, larger_path, there, here),
        ):
            missing = [f"「{shortened(name)}」" for name in others if names and name not in names]
            if missing:
                yield Disagreement(
                    document,
                    path,
                    f"ファイル{''.join(missing)}がありません。ファイルの名称は、様式2のⅠ2と"
                    f"{larger.form_number}のⅠ3で揃えます。加えるか、名称を直してください。",
                )


def _level_is_the_set(together: DocumentSet, _: date) -> Iterator[Disagreement]:
    for basic in together.of(_BASIC):
        if (submitted := basic.choice(_SUBMITTED)) is None:
            continue
        if submitted in _LARGER and not together.of(submitted):
            yield Disagreement(
                basic,
                _SUBMITTED,
                f"「{basic.words(_SUBMITTED)}」としていますが、一式に{_FORM_NUMBERS[submitted]}の評価書がありません。"
                "評価書を加えるか、Ⅳ1を直してください。",
            )
        for larger in together.of(*_LARGER):
            if larger.form != submitted:
                yield Disagreement(
                    basic,
                    _SUBMITTED,
                    f"「{basic.words(_SUBMITTED)}」としていますが、一式に{larger.form_number}の評価書があります。"
                    "Ⅳ1を直すか、評価書を一式から除いてください。",
                )


def _with_basic_items(together: DocumentSet, _: date) -> Iterator[Disagreement]:
    if not together.of(_BASIC):
        for larger in together.of(*_LARGER):
            yield Disagreement(
                larger,
                _NAME,
                f"{larger.form_title}とともに提出する基礎項目評価書（様式2）が一式にありません。加えてください。",
            )


def _one_of_each_form(together: DocumentSet, _: date) -> Iterator[Disagreement]:
    seen: set[str] = set()
    for document in together.documents:
        if document.form in seen:
            yield Disagreement(
                document,
                _NAME,
                f"一式に{document.form_number}の評価書が二つ以上あります。一つだけを残してください。",
            )
        seen.add(document.form)


def _incident_of_one_year_within_three(together: DocumentSet, _: date) -> Iterator[Disagreement]:
    for basic, larger in together.beside():
        for risks in larger.entries("/risks"):
            path = f"{risks}/{INCIDENTS[larger.form]}"
            if basic.choice(_INCIDENT) == "occurred" and larger.choice(path) == "not_occurred":
                yield Disagreement(
                    larger,
                    path,
                    "様式2のⅡ3で過去1年以内の重大事故を「発生あり」としているのに、過去3年以内の重大事故を「発生なし」としています。"
                    "過去3年以内には過去1年以内を含みます。「発生あり」とし、内容と再発防止策を記入してください。",
                )


_INSTRUCTIONS = "様式2・様式3・様式4 記載要領（要確認）"

SET_RULES = (
    SetRule(
        id="one_document_of_each_form",
        sentence="一式には、一つの様式の評価書は一つである。",
        provision="規則第5条第1項、第6条第1項、第7条第1項",
        find=_one_of_each_form,
    ),
    SetRule(
        id="basic_items_in_the_set",
        sentence="重点項目評価書又は全項目評価書は、基礎項目評価書とともに一式を成す。",
        provision="規則第5条第1項",
        find=_with_basic_items,
    ),
    SetRule(
        id="number_of_the_plan",
        sentence="評価書番号は、計画管理書の番号と同じである。",
        provision="規則第3条、記載要領（要確認）",
        find=_number_of_the_plan,
    ),
    SetRule(
        id="numbers_agree",
        sentence="評価書番号は、一式の全ての評価書で同じである。",
        provision=_INSTRUCTIONS,
        find=lambda together, _: _covers_agree(_NUMBER, together),
    ),
    SetRule(
        id="names_agree",
        sentence="評価書名は、評価書の種類を示す語を除き、一式の全ての評価書で同じである。",
        provision=_INSTRUCTIONS,
        find=lambda together, _: _covers_agree(_NAME, together),
    ),
    SetRule(
        id="bodies_agree",
        sentence="評価実施機関名は、一式の全ての評価書で同じである。",
        provision=_INSTRUCTIONS,
        find=lambda together, _: _covers_agree(_BODY, together),
    ),
    SetRule(
        id="data_subjects_agree",
        sentence="様式3・様式4のⅠ1③ 対象人数は、様式2のⅡ1と同じである。",
        provision=_INSTRUCTIONS,
        find=lambda together, _: _choices_agree(
            "/threshold_items/data_subjects/band", "/basic_information/business/data_subjects", together
        ),
    ),
    SetRule(
        id="results_agree",
        sentence="様式4のⅥ1②・様式3のⅤ1② しきい値判断結果は、様式2のⅢと同じである。",
        provision=_INSTRUCTIONS,
        find=lambda together, _: _choices_agree("/threshold_result", "/procedure/basic_items/result", together),
    ),
    SetRule(
        id="files_agree",
        sentence="様式3・様式4のⅠ3のファイル名は、様式2のⅠ2と同じである。",
        provision=_INSTRUCTIONS,
        find=_files_agree,
    ),
    SetRule(
        id="level_is_the_set",
        sentence="様式2のⅣ1 提出する評価書の種類は、一式にある評価書の種類である。",
        provision="規則第5条第1項、第6条第1項、第7条第1項、様式2 Ⅳ1",
        find=_level_is_the_set,
    ),
    SetRule(
        id="incident_of_one_year_within_three",
        sentence="様式2のⅡ3が「発生あり」なら、様式3・様式4の過去3年以内の重大事故も「発生あり」である。",
        provision="様式2 Ⅱ3、様式4 Ⅲ7リスク1⑨・様式3 Ⅲ7②",
        find=_incident_of_one_year_within_three,
    ),
)
"""評価書一式の整合: every rule between the documents of one assessment."""
