"""言語 (language): which one `doctor` speaks, and that it says the same in both."""

from __future__ import annotations

from string import Formatter

import pytest
import typer

from cli.examination_texts import CHECKS, FINDINGS, OBSTACLES_IN_ENGLISH, REFUSED, STATES
from cli.language import Language, Text, chosen_language
from engine.obstacles import REMEDIES


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        pytest.param({}, "ja", id="何もない"),
        pytest.param({"LANG": ""}, "ja", id="空"),
        pytest.param({"LANG": "C"}, "ja", id="C"),
        pytest.param({"LANG": "C.UTF-8"}, "ja", id="C.UTF-8"),
        pytest.param({"LANG": "POSIX"}, "ja", id="POSIX"),
        pytest.param({"LANG": "ja_JP.UTF-8"}, "ja", id="日本語"),
        pytest.param({"LANG": "en_US.UTF-8"}, "en", id="英語"),
        pytest.param({"LANG": "fr_FR.UTF-8"}, "en", id="フランス語"),
        pytest.param({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en", id="LC_MESSAGESはLANGに優先"),
        pytest.param({"LC_MESSAGES": "en_US.UTF-8", "LC_ALL": "ja_JP.UTF-8"}, "ja", id="LC_ALLはLC_MESSAGESに優先"),
        pytest.param({"LC_ALL": "", "LANG": "en_US.UTF-8"}, "en", id="空のLC_ALLは飛ばす"),
        pytest.param({"LC_ALL": "en_US.UTF-8", "MINAOSHI_LANGUAGE": "ja"}, "ja", id="jaの指定が優先"),
        pytest.param({"LC_ALL": "ja_JP.UTF-8", "MINAOSHI_LANGUAGE": "en"}, "en", id="enの指定が優先"),
    ],
)
def test_the_locale_chooses_and_our_variable_overrides(environment: dict[str, str], language: str) -> None:
    assert chosen_language(environment) is Language(language)


def test_another_language_is_refused() -> None:
    with pytest.raises(typer.BadParameter, match="MINAOSHI_LANGUAGE「fr」には ja か en"):
        chosen_language({"MINAOSHI_LANGUAGE": "fr"})


def texts() -> dict[str, Text]:
    found = {f"state {key}": text for key, text in STATES.items()} | {
        f"check {key}": text for key, text in CHECKS.items()
    }
    for key, finding in {**FINDINGS, "refused": REFUSED}.items():
        found[key] = finding.seen
        if finding.remedy:
            found[f"{key} remedy"] = finding.remedy
    return found


@pytest.mark.parametrize(("key", "text"), texts().items(), ids=texts().keys())
def test_both_languages_say_the_same_things(key: str, text: Text) -> None:
    def names(sentence: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name}

    assert text.ja, key
    assert text.en.isascii()
    assert names(text.ja) == names(text.en)


def test_every_finding_belongs_to_a_check() -> None:
    assert {key.partition(".")[0] for key in FINDINGS} == set(CHECKS)


def test_every_obstacle_has_a_remedy_in_both_languages() -> None:
    assert set(OBSTACLES_IN_ENGLISH) == {obstacle.value for obstacle in REMEDIES}
