"""様式3・様式4の記載の整合 (rules of the larger forms): what must agree across files and sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from guideline.form_answers import Answers, Breach, FormRule
from schemas.forms.errors import Severity, shortened
from schemas.forms.places import Place
from schemas.levels import Level

_LISTED, _FILES, _RISKS = "/basic_information/files", "/files", "/risks"
_LINK = "/basic_information/network_link/status"
_RESULT = "/procedure/basic_items/result"

_NETWORK = "network_system"  # the choice 情報提供ネットワークシステム of the ways to acquire and to provide
_FEW_ITEMS, _MOST_OF_FEW = "under_10", 9

INCIDENTS: Mapping[str, str] = MappingProxyType(
    {"all_items": "storage/leak/serious_incident/occurred", "priority_items": "leak/serious_incident/occurred"}
)
"""過去3年以内の重大事故: where each form asks for it, within the risks of a file."""

_OPEN = ("issues_remain", "insufficient")  # 課題が残されている、十分に行っていない
_OF_A_SECTION = ("other_risks", "other_measures")  # その他のリスク及びそのリスクに対する措置、その他の措置の内容
_OF_THE_REST: Mapping[str, str] = MappingProxyType(
    {"all_items": "/other_measures/other", "priority_items": "/risks/*/other_measures"}  # Ⅳ3, Ⅲ10
)


def _file_names_agree(answers: Answers, _: date) -> Iterator[Breach]:
    names = {
        _LISTED: answers.lines(_LISTED),
        _FILES: _named(answers, _FILES, "name"),
        _RISKS: _named(answers, _RISKS, "file"),
    }
    stated = {part: found for part, found in names.items() if found}
    for part, found in stated.items():
        others = dict.fromkeys(name for other in stated.values() for name in other)
        if missing := [name for name in others if name not in found]:
            yield Breach(
                part,
                f"「{answers.label(part)}」に{_quoted(missing)}がありません。ファイルの名称は、Ⅰ3、Ⅱ及びⅢで揃えます。"
                "欠けているファイルを加えるか、名称を直してください。",
            )


def _named(answers: Answers, part: str, key: str) -> tuple[str, ...]:
    return tuple(filter(None, (answers.text(f"{entry}/{key}") for entry in answers.entries(part))))


def _quoted(names: list[str]) -> str:
    return "".join(f"「{shortened(name)}」" for name in names)


def _entries_have_names_of_their_own(answers: Answers, _: date) -> Iterator[Breach]:
    seen: set[tuple[str, str]] = set()
    for entry in answers.names():
        if entry.name and (entry.part, entry.name) in seen:
            yield Breach(
                entry.path,
                f"「{shortened(entry.name)}」という名称の{entry.kind}が二つ以上あります。"
                "名称を分けるか、一つにまとめてください。",
            )
        seen.add((entry.part, entry.name))


def _result_not_above_the_form(answers: Answers, _: date) -> Iterator[Breach]:
    result = answers.choice(_RESULT)
    if result is not None and Level(result).rank > Level(answers.form).rank:
        yield Breach(
            _RESULT,
            f"しきい値判断結果の「{answers.words(_RESULT)}」には、{answers.form_title}より詳しい評価書を要します。"
            "しきい値判断を確かめ、全項目評価書（様式4）を作成するか、結果を直してください。",
        )


def _pairs(answers: Answers) -> Iterator[tuple[str, str]]:
    """Give the entries of Ⅱ and Ⅲ that speak of the same file."""
    risks = {answers.text(f"{entry}/file"): entry for entry in reversed(answers.entries(_RISKS))}
    for entry in answers.entries(_FILES):
        name = answers.text(f"{entry}/name")
        if name and name in risks:
            yield entry, risks[name]


def _outsourcing_agrees(answers: Answers, _: date) -> Iterator[Breach]:
    for file, risks in _pairs(answers):
        source = f"{file}/outsourcing/status"
        if (expected := answers.choice(source)) is not None:
            told = f"Ⅱ4の「{answers.words(source)}」"
            yield from _held_against(answers, f"{risks}/outsourcing/status", told, expected=expected)


def _provision_agrees(answers: Answers, _: date) -> Iterator[Breach]:
    for file, risks in _pairs(answers):
        if (ways := _ways_of_provision(answers, file)) is not None:
            done = any(way != _NETWORK for way in ways)
            told = f"Ⅱ5に情報提供ネットワークシステムによらない提供・移転が{'ある' if done else 'ない'}こと"
            expected = "provided" if done else "not_provided"
            yield from _held_against(answers, f"{risks}/provision/status", told, expected=expected)


def _network_agrees(answers: Answers, _: date) -> Iterator[Breach]:
    for file, risks in _pairs(answers):
        for section, ways, told in (
            ("network_acquisition", answers.choices(f"{file}/use/methods"), "Ⅱ3②の入手方法"),
            ("network_provision", _ways_of_provision(answers, file), "Ⅱ5⑥の提供・移転方法"),
        ):
            if ways is not None:
                done = _NETWORK in ways
                words = f"{told}に情報提供ネットワークシステムが{'ある' if done else 'ない'}こと"
                expected = "connected" if done else "not_connected"
                yield from _held_against(answers, f"{risks}/{section}/status", words, expected=expected)


def _held_against(answers: Answers, path: str, told: str, *, expected: str) -> Iterator[Breach]:
    if answers.choice(path) not in (None, expected):
        yield _contradiction(answers, path, told)


def _contradiction(answers: Answers, path: str, told: str) -> Breach:
    return Breach(
        path,
        f"{answers.item(path).number}の「{answers.words(path)}」は、{told}と合いません。"
        "どちらが実態に合うかを確かめ、揃えてください。",
    )


def _ways_of_provision(answers: Answers, file: str) -> tuple[str, ...] | None:
    """Give the ways of all that Ⅱ5 names, those through the network included; None where one is not told."""
    status = answers.choice(f"{file}/provision/status")
    if status != "done":
        return () if status == "not_done" else None
    ways = [answers.choices(f"{entry}/method") for entry in answers.entries(f"{file}/provision/entries")]
    told = [way for way in ways if way is not None]
    return tuple(one for way in told for one in way) if told and len(told) == len(ways) else None


def _network_link_agrees(answers: Answers, _: date) -> Iterator[Breach]:
    link = answers.choice(_LINK)
    paths = [
        f"{risks}/{section}/status"
        for risks in answers.entries(_RISKS)
        for section in ("network_acquisition", "network_provision")
    ]
    stated = [answers.choice(path) for path in paths]
    if link is None or not stated or None in stated:
        return
    connected = [path for path, status in zip(paths, stated, strict=True) if status == "connected"]
    if link == "carried_out" and not connected:
        yield _contradiction(answers, _LINK, "Ⅲ6で全てのファイルを「接続しない」としていること")
    if link != "carried_out":
        told = f"{answers.item(_LINK).number}の「{answers.words(_LINK)}」"
        yield from (_contradiction(answers, path, told) for path in connected)


def _open_answers(answers: Answers) -> Iterator[tuple[Place, bool]]:
    """Give each answer that leaves something to be done, and whether a free text tells of it.

    That is the text of the same section of the same file, or the one for all the rest.
    """
    rest = _OF_THE_REST[answers.form]
    texts = [
        place
        for place in answers.places
        if (place.item.path == rest or place.item.path.rpartition("/")[2] in _OF_A_SECTION)
        and answers.text(place.pointer)
    ]
    for place in answers.places:
        if place.value in _OPEN and place.value in place.item.choices:
            yield (
                place,
                any(
                    (text.item.path == rest or _section(text) == _section(place))
                    and _of_one_file(place.pointer, text.pointer)
                    for text in texts
                ),
            )


def _section(place: Place) -> str:
    found = re.match(r"[Ⅰ-Ⅻ]\d+", place.item.number)
    return found.group() if found else place.item.number


def _of_one_file(one: str, other: str) -> bool:
    files = [re.match(r"/risks/\d+/", path) for path in (one, other)]
    return len({found.group() for found in files if found}) <= 1


def _issue_without_countermeasure(answers: Answers, _: date) -> Iterator[Breach]:
    for place, told in _open_answers(answers):
        if not told:
            yield Breach(
                place.pointer,
                f"「{answers.words(place.pointer)}」とするときは、課題とその対応策を、同じ区分の"
                f"「その他のリスク及びそのリスクに対する措置」又は「{_rest(answers)}」に記入してください。",
            )


def _rest(answers: Answers) -> str:
    """Give the label of the item for all the rest, without the file that it is asked of."""
    item = answers.item(_OF_THE_REST[answers.form])
    return f"{item.number} {item.title}"


def _countermeasure_in_the_review(answers: Answers, _: date) -> Iterator[Breach]:
    for place, told in _open_answers(answers):
        if told:
            yield Breach(
                place.pointer,
                f"「{answers.words(place.pointer)}」としています。見直しの検討結果に、対応策、担当者及び期限を示してください。",
            )


def _count_covers_the_kinds(answers: Answers, _: date) -> Iterator[Breach]:
    for file in answers.entries(_FILES):
        path = f"{file}/basic/recorded_item_count"
        kinds = answers.choices(f"{file}/basic/main_recorded_items") or ()
        if answers.choice(path) == _FEW_ITEMS and len(kinds) > _MOST_OF_FEW:
            yield Breach(
                path,
                f"記録される項目が「{answers.words(path)}」であるのに、主な記録項目が{len(kinds)}種類選ばれています。"
                "項目の数を数え直し、直してください。",
            )


def _one_answer_on_incidents(answers: Answers, _: date) -> Iterator[Breach]:
    paths = [f"{risks}/{INCIDENTS[answers.form]}" for risks in answers.entries(_RISKS)]
    if {answers.choice(path) for path in paths} >= {"occurred", "not_occurred"}:
        for path in paths:
            if answers.choice(path) == "not_occurred":
                yield Breach(
                    path,
                    f"「{answers.words(path)}」としていますが、ほかのファイルでは「発生あり」としています。"
                    "評価実施機関において発生したかを問う欄ですので、全てのファイルで揃えてください。",
                )


LARGER_FORM_RULES = (
    FormRule(
        id="file_names_agree",
        sentence="Ⅰ3、Ⅱ及びⅢに挙げるファイルは同じである。",
        provision="様式3・様式4 Ⅰ3、Ⅱ1、Ⅲ1",
        find=_file_names_agree,
    ),
    FormRule(
        id="entry_names_differ",
        sentence="一つの欄に挙げるもの（ファイル、システム、委託事項等）の名称は、互いに異なる。",
        provision="様式3・様式4",
        find=_entries_have_names_of_their_own,
    ),
    FormRule(
        id="result_not_above_the_form",
        sentence="しきい値判断結果は、この様式の評価書で足りる結果である。任意により詳しく評価することはできる。",
        provision="規則第6条第1項、第7条第1項、番号法第28条第1項",
        find=_result_not_above_the_form,
    ),
    FormRule(
        id="outsourcing_agrees",
        sentence="Ⅲ4の委託の有無は、同じファイルのⅡ4と同じである。",
        provision="様式3・様式4 Ⅱ4、Ⅲ4",
        find=_outsourcing_agrees,
    ),
    FormRule(
        id="provision_agrees",
        sentence="Ⅲ5の提供・移転の有無は、同じファイルのⅡ5に挙げる、情報提供ネットワークシステムによらない提供・移転の有無と同じである。",
        provision="様式3・様式4 Ⅱ5、Ⅲ5",
        find=_provision_agrees,
    ),
    FormRule(
        id="network_agrees",
        sentence="Ⅲ6の接続の有無は、同じファイルのⅡ3②及びⅡ5⑥に情報提供ネットワークシステムを挙げるかどうかと同じである。",
        provision="様式3・様式4 Ⅱ3②、Ⅱ5⑥、Ⅲ6",
        find=_network_agrees,
    ),
    FormRule(
        id="network_link_agrees",
        sentence="情報連携を実施するなら、いずれかのファイルがⅢ6で接続し、実施しない又は未定なら、どのファイルも接続しない。",
        provision="様式4 Ⅰ6・様式3 Ⅰ5、Ⅲ6",
        find=_network_link_agrees,
    ),
    FormRule(
        id="issue_has_countermeasure",
        sentence="課題が残されている、又は十分に行っていないとするときは、対応策をその他の欄に記す。",
        provision="様式3・様式4 Ⅲ、Ⅳ",
        find=_issue_without_countermeasure,
    ),
    FormRule(
        id="countermeasure_in_the_review",
        sentence="残された課題への対応策は、担当者及び期限とともに、見直しの検討結果に示す。",
        provision="様式3・様式4 Ⅲ、Ⅳ",
        find=_countermeasure_in_the_review,
        severity=Severity.WARNING,
    ),
    FormRule(
        id="item_count_covers_the_kinds",
        sentence="記録される項目の数は、選んだ主な記録項目の種類の数より少なくない。",
        provision="様式3・様式4 Ⅱ2④",
        find=_count_covers_the_kinds,
    ),
    FormRule(
        id="one_answer_on_incidents",
        sentence="過去3年以内の重大事故の有無は、評価実施機関についての回答であり、全てのファイルで同じである。",
        provision="様式4 Ⅲ7リスク1⑨・様式3 Ⅲ7②",
        find=_one_answer_on_incidents,
    ),
)
"""様式3・様式4の記載の整合: every rule but those on 意見聴取 (`guideline.comment_rules`)."""
