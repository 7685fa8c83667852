"""作られる文書 (generated pages): the guideline's map, what is unconfirmed, who may do what, 2023, pictures.

`python docs/generate.py` writes them; with `--check` it tells which are stale and where a rule or a test is missing.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from docs.account_registration import write_account_registration
from docs.duty_pictures import draw_duties
from docs.improvement_report import write_improvement_report
from docs.performance_pictures import draw_growth
from docs.permissions import write_permissions
from docs.rule_uses import (
    DEFINITIONS,
    ModuleOfRules,
    ModuleOfTests,
    Use,
    read_rules,
    read_tests,
    tests_naming,
    tests_of_module,
    tests_of_rule,
    uses_of,
)
from docs.unconfirmed import FormItems, count_items, write_unconfirmed
from guideline.provisions import Provision, all_provisions

FOLDER = Path(__file__).resolve().parent
COMMAND = "python docs/generate.py"


class NotYet(NamedTuple):
    """まだ規則のない条項 (not yet): clauses that no rule uses, and why."""

    constants: tuple[str, ...]
    reason: str


NOT_YET = (
    NotYet(
        ("LAW_19_8", "LAW_19_9"),
        "機関の種類（data_subjects.BodyCategory）の言葉の出どころである。その種類による結論は、規則第4条第6号を根拠とする。",
    ),
    NotYet(
        ("RULE_2_2", "RULE_12"),
        "様式3・様式4の記載事項の出どころである。記載は様式のスキーマ（schemas/forms/）が定め、根拠として示さない。",
    ),
    NotYet(
        ("RULE_2_3",),
        "機関の別（schemas の BodyKind）の言葉の出どころである。実施手続はその別によるが、根拠として示さない。",
    ),
    NotYet(
        ("RULE_4_9", "RULE_4_10"),
        "公表によって番号法第28条の対象から外れる仕組みは、規則にしていない。しきい値判断は、第5条から第7条までを根拠とする。",
    ),
    NotYet(
        ("IMPROVEMENT_5",),
        "両者の検討と年に一度の確認（separation_of_duties.REVIEW_PERMITS、deadlines.YEARLY_REVIEW）はこれによるが、"
        "受け付けない理由では「改善策の実施状況 5」と書いて引き、定数を使わない。",
    ),
)
"""A clause that gets a rule must leave this list: the check fails until it does."""


@dataclass(frozen=True)
class Sources:
    """もと (sources): all that the pages are made from. A test plants its own."""

    provisions: Mapping[str, Provision]
    modules: Mapping[str, ModuleOfRules]
    tests: Mapping[str, ModuleOfTests]
    tables: Mapping[str, Mapping[str, object]]
    forms: tuple[FormItems, ...]
    not_yet: tuple[NotYet, ...]

    @cached_property
    def uses(self) -> Mapping[str, tuple[Use, ...]]:
        """The rules in which each clause stands."""
        return {constant: uses_of(constant, one.article, self.modules) for constant, one in self.provisions.items()}

    def tests_of(self, constant: str) -> tuple[str, ...]:
        """Give the tests of the rules in which a clause stands, and those that name it."""
        found = set(tests_naming(constant, self.provisions[constant].article, self.tests))
        for use in self.uses[constant]:
            found.update(tests_of_rule(use.rule, self.modules[use.rule.module], self.tests))
        return tuple(sorted(found))

    def reason(self, constant: str) -> str | None:
        """Say why no rule uses a clause; None where none is needed."""
        return next((entry.reason for entry in self.not_yet if constant in entry.constants), None)


def read_sources(root: Path) -> Sources:
    """Read the rules, the tests and the forms of the project."""
    constants = vars(importlib.import_module("guideline.provisions")).items()
    names = {one.id: name for name, one in constants if isinstance(one, Provision)}
    paths = sorted(path for path in (root / "guideline").glob("*.py") if path.stem != "__init__")
    modules = {path.stem: read_rules(path.read_text(encoding="utf-8")) for path in paths}
    tests = sorted((root / "tests").rglob("test_*.py"))
    return Sources(
        provisions={names[one.id]: one for one in all_provisions()},
        modules=modules,
        tests={path.relative_to(root).as_posix(): read_tests(path.read_text(encoding="utf-8")) for path in tests},
        tables={name: _values(name, module) for name, module in modules.items() if name != DEFINITIONS},
        forms=count_items(),
        not_yet=NOT_YET,
    )


def _values(name: str, module: ModuleOfRules) -> dict[str, object]:
    # Only what stands in the module itself: a row that it imports belongs to another.
    there = vars(importlib.import_module(f"guideline.{name}"))
    return {own: there[own] for own in module.words if own in there}


def find_gaps(sources: Sources) -> tuple[str, ...]:
    """Say where a rule or a test is missing, and what to do."""
    return (*_gaps_of_provisions(sources), *_gaps_of_modules(sources), *_gaps_of_not_yet(sources))


def _gaps_of_provisions(sources: Sources) -> Iterator[str]:
    for constant, one in sources.provisions.items():
        uses = sources.uses[constant]
        if not uses and sources.reason(constant) is None:
            yield (
                f"{one.article}（`{constant}`）を用いる規則がありません。規則を書くか、"
                "docs/generate.py の `NOT_YET` に理由を添えて加えてください。"
            )
        if uses and not sources.tests_of(constant):
            yield f"{one.article}（`{constant}`）を用いる規則のテストがありません。tests/guideline/ に加えてください。"


def _gaps_of_modules(sources: Sources) -> Iterator[str]:
    for name in sources.modules:
        if not tests_of_module(name, sources.tests):
            yield f"guideline/{name}.py のテストがありません。tests/guideline/test_{name}.py を加えてください。"
    rules = {use.rule for uses in sources.uses.values() for use in uses if not use.in_words}
    for rule in sorted(rules):
        if not tests_of_rule(rule, sources.modules[rule.module], sources.tests):
            yield (
                f"guideline/{rule.module}.py の `{rule.name}` も、それを使うものも、取り込むテストがありません。"
                "tests/guideline/ に加えてください。"
            )


def _gaps_of_not_yet(sources: Sources) -> Iterator[str]:
    listed = [constant for entry in sources.not_yet for constant in entry.constants]
    for constant in dict.fromkeys(listed):
        if constant not in sources.provisions:
            yield f"`NOT_YET` の `{constant}` は guideline/provisions.py にありません。`NOT_YET` から除いてください。"
        elif uses := sources.uses[constant]:
            where = "、".join(f"{use.rule.module}.{use.rule.name}" for use in uses)
            yield f"`NOT_YET` の `{constant}` は、規則（{where}）で使われています。`NOT_YET` から除いてください。"
        if listed.count(constant) > 1:
            yield f"`NOT_YET` に `{constant}` が二度あります。一つにしてください。"


def write_map(sources: Sources) -> str:
    """Write the page that leads from each clause to its rules and their tests."""
    gaps = [f"- {gap}" for gap in find_gaps(sources)] or ["ありません。"]
    lines = [
        "# 条文・規則・テストの対応表",
        "",
        "法令・指針の条項ごとに、それを用いる規則と、そのテストを示します。",
        f"`{COMMAND}` が作るページです。手で直さず、もとを直してから作り直してください。",
        "",
        "- 「規則」は、条項が現れる公開の関数・クラス・表です。「（文言）」は、文の中だけで引くことを示します。",
        "- 「テスト」は、その規則かそれを使うものを取り込むテストと、条項を名指しするテストです。",
        "- 「（要確認）」の条項は、原文で確かめていません。[未確認の一覧](unconfirmed.md)にあります。",
        "",
        "## 欠けているもの",
        "",
        *gaps,
    ]
    for (law, address), group in groupby(sources.provisions.items(), key=lambda item: (item[1].law, item[1].address)):
        lines += ["", f"## {law}", ""]
        lines += [f"原文: [{address}]({address})", ""] if address else []
        lines += ["| 条項 | 規則 | テスト |", "|---|---|---|"]
        lines += [_row(constant, one, sources) for constant, one in group]
    lines += ["", "## 条項を引かない規則のモジュール", "", "| モジュール | テスト |", "|---|---|"]
    cited = {use.rule.module for uses in sources.uses.values() for use in uses}
    lines += [
        f"| [{name}](../guideline/{name}.py) {module.title} | {_links(tests_of_module(name, sources.tests))} |"
        for name, module in sources.modules.items()
        if name not in cited
    ]
    return "\n".join(lines) + "\n"


def _row(constant: str, one: Provision, sources: Sources) -> str:
    doubt = "" if one.confirmed else "（要確認）"
    rules = "<br>".join(_rules(sources.uses[constant])) or f"規則なし: {sources.reason(constant) or '欠けています'}"
    return f"| {one.article}{doubt}<br>`{constant}` | {rules} | {_links(sources.tests_of(constant)) or '―'} |"


def _rules(uses: tuple[Use, ...]) -> Iterator[str]:
    for module, group in groupby(uses, key=lambda use: use.rule.module):
        names = "、".join(f"`{use.rule.name}`{'（文言）' if use.in_words else ''}" for use in group)
        yield f"[{module}](../guideline/{module}.py) {names}"


def _links(tests: Sequence[str]) -> str:
    return "<br>".join(f"[{path.removeprefix('tests/')}](../{path})" for path in tests)


def write_pages(sources: Sources) -> dict[str, str]:
    """Give each page's name and text."""
    users = {constant: tuple(use.rule for use in uses) for constant, uses in sources.uses.items()}
    return {
        "account-registration.md": write_account_registration(COMMAND),
        "guideline-map.md": write_map(sources),
        "improvement-report.md": write_improvement_report(COMMAND),
        "permissions.md": write_permissions(COMMAND),
        "unconfirmed.md": write_unconfirmed(
            provisions=sources.provisions,
            users=users,
            modules=sources.modules,
            tables=sources.tables,
            forms=sources.forms,
        ),
        **draw_duties(),
        **draw_growth(),
    }


def find_stale(pages: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """Give the names of pages that are missing or no longer say what they should."""
    paths = {name: folder / name for name in pages}
    there = {name: path.read_text(encoding="utf-8") for name, path in paths.items() if path.is_file()}
    return tuple(name for name, text in pages.items() if there.get(name) != text)


def main(arguments: Sequence[str], *, sources: Sources | None = None, folder: Path = FOLDER) -> int:
    """Write the pages; with `--check`, only tell what is stale or missing, and fail when anything is."""
    sources = sources or read_sources(FOLDER.parent)
    pages, gaps = write_pages(sources), find_gaps(sources)
    stale = find_stale(pages, folder)
    sys.stderr.writelines(f"{gap}\n" for gap in gaps)
    if "--check" in arguments:
        sys.stderr.writelines(f"docs/{name} が古くなっています。`{COMMAND}` で作り直してください。\n" for name in stale)
        return 1 if stale or gaps else 0
    for name in stale:
        (folder / name).write_text(pages[name], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
