"""言語 (language): in which language `doctor` speaks. Everything that people decide by is Japanese and stays so."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "MINAOSHI_LANGUAGE"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
_OF_NOBODY = ("", "c", "posix")


class Language(StrEnum):
    """言語 (language)."""

    JAPANESE = "ja"
    ENGLISH = "en"


class Text(NamedTuple):
    """文 (text) in both languages; a sentence has the same names in braces in both."""

    ja: str
    en: str

    def in_(self, language: Language) -> str:
        """Give it in that language."""
        return self.en if language is Language.ENGLISH else self.ja


def chosen_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Give the language of MINAOSHI_LANGUAGE, or else of the locale: English for one that is set and not Japanese.

    Raises BadParameter when MINAOSHI_LANGUAGE names another language.
    """
    said = environment.get(VARIABLE, "")
    if said:
        if said not in tuple(Language):
            raise typer.BadParameter(f"環境変数 {VARIABLE}「{said}」には ja か en を指定してください。")
        return Language(said)
    locale = next((environment[name] for name in _LOCALE if environment.get(name)), "").lower()
    # "C.UTF-8" is C, too.
    speaks_japanese = locale.startswith("ja") or locale.partition(".")[0] in _OF_NOBODY
    return Language.JAPANESE if speaks_japanese else Language.ENGLISH
