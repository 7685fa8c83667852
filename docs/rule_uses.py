"""条項の使用 (uses of provisions): in which rules a clause stands, and which tests test them, read from the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

# It defines the clauses; a rule is what uses them.
DEFINITIONS = "provisions"


class Rule(NamedTuple):
    """規則 (rule): a name of a module of `guideline`."""

    module: str
    name: str


class Use(NamedTuple):
    """使用 (use): a rule in which a clause stands, as its constant or only in words."""

    rule: Rule
    in_words: bool


@dataclass(frozen=True)
class ModuleOfRules:
    """規則のモジュール (rule module): what each of its names uses and says, in their order."""

    title: str
    words: Mapping[str, frozenset[str]]
    texts: Mapping[str, tuple[str, ...]]
    unsure: tuple[str, ...]
    """結果を要確認とすることのある関数: functions that give `confirmed` another value than True or that of a row."""

    def using(self, name: str) -> frozenset[str]:
        """Give the name and all that use it, directly or through others of the module."""
        found, new = frozenset[str](), {name}
        while new:
            found |= new
            new = {user for user, words in self.words.items() if words & new} - found
        return found

    def public(self, name: str) -> tuple[str, ...]:
        """Give the public names in which a private name stands; itself where it is public or stands in none."""
        found, seen, new = set[str](), set[str](), {name}
        while new:
            found |= {one for one in new if not one.startswith("_")}
            seen |= new
            private = new - found
            new = {user for user, words in self.words.items() if words & private} - seen
        return tuple(one for one in self.words if one in found) or (name,)


@dataclass(frozen=True)
class ModuleOfTests:
    """テスト (test module): what it takes from `guideline` (an empty name: a whole module), and what it says."""

    taken: frozenset[Rule]
    words: frozenset[str]
    texts: tuple[str, ...]


def read_rules(source: str) -> ModuleOfRules:
    """Read a module of `guideline`."""
    tree = ast.parse(source)
    named = [(name, statement) for statement in tree.body for name in _names_of(statement)]
    return ModuleOfRules(
        title=_japanese(ast.get_docstring(tree)),
        words={name: _words(statement) for name, statement in named},
        texts={name: _texts(statement) for name, statement in named},
        unsure=tuple(name for name, statement in named if _is_unsure(statement)),
    )


def read_tests(source: str) -> ModuleOfTests:
    """Read a test module."""
    tree = ast.parse(source)
    return ModuleOfTests(frozenset(_taken(tree)), _words(tree), _texts(tree))


def uses_of(constant: str, article: str, modules: Mapping[str, ModuleOfRules]) -> tuple[Use, ...]:
    """Give the rules in which a clause stands, module by module; a rule that has the constant does not count twice."""
    found: dict[Rule, Use] = {}
    for module, read in modules.items():
        if module == DEFINITIONS:
            continue
        by_constant = [name for name, words in read.words.items() if constant in words]
        by_words = [name for name, texts in read.texts.items() if says(article, texts)]
        for names, in_words in ((by_constant, False), (by_words, True)):
            for name in dict.fromkeys(public for one in names for public in read.public(one)):
                rule = Rule(module, name)
                found.setdefault(rule, Use(rule, in_words))
    return tuple(found.values())


def says(article: str, texts: Iterable[str]) -> bool:
    """Say whether a text names this very article: not a longer one, and not that of another ordinance."""
    pattern = re.compile(rf"(?<!報告){re.escape(article)}(?![第イロハ0-9]|の[0-9])")
    return any(article in text and pattern.search(text) for text in texts)


def tests_of_rule(rule: Rule, module: ModuleOfRules, tests: Mapping[str, ModuleOfTests]) -> tuple[str, ...]:
    """Give the tests that take the rule, or what uses it, or its whole module."""
    wanted = {Rule(rule.module, name) for name in (*module.using(rule.name), "")}
    return tuple(path for path, test in tests.items() if test.taken & wanted)


def tests_of_module(module: str, tests: Mapping[str, ModuleOfTests]) -> tuple[str, ...]:
    """Give the tests that take anything of a module."""
    return tuple(path for path, test in tests.items() if any(rule.module == module for rule in test.taken))


def tests_naming(constant: str, article: str, tests: Mapping[str, ModuleOfTests]) -> tuple[str, ...]:
    """Give the tests that name a clause."""
    return tuple(path for path, test in tests.items() if constant in test.words or says(article, test.texts))


def _names_of(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _words(tree: ast.AST) -> frozenset[str]:
    nodes = tuple(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    # Of another module only constants: the name of a field or method may be that of a rule by chance.
    constants = {node.attr for node in nodes if isinstance(node, ast.Attribute) and node.attr.isupper()}
    return frozenset(names | constants)


def _texts(tree: ast.AST) -> tuple[str, ...]:
    nodes = tuple(ast.walk(tree))
    left_out = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
    # A sentence with values in it is one text, with … for each value.
    left_out |= {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    return tuple(text for node in nodes if id(node) not in left_out and (text := _text(node)) is not None)


def _text(node: ast.AST) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_text(part) or "…" for part in values)
    return None


def _is_unsure(statement: ast.stmt) -> bool:
    given = (
        keyword.value
        for node in ast.walk(statement)
        if isinstance(statement, ast.FunctionDef) and isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "confirmed"
    )
    return any(
        not (isinstance(value, ast.Constant) and value.value is True)
        and not (isinstance(value, ast.Attribute) and value.attr == "confirmed")
        for value in given
    )


def _taken(tree: ast.Module) -> Iterator[Rule]:
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="guideline", names=names):
                yield from (Rule(one.name, "") for one in names)
            case ast.ImportFrom(module=str(module), names=names) if module.startswith("guideline."):
                yield from (Rule(module.removeprefix("guideline."), one.name) for one in names)
            case ast.Import(names=names):
                yield from (
                    Rule(one.name.removeprefix("guideline."), "") for one in names if one.name.startswith("guideline.")
                )


def _japanese(docstring: str | None) -> str:
    return (docstring or "").partition(" (")[0]
