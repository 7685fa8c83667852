"""鍵のコマンド: which keys there are, new ones, and one that is trusted no longer."""

from __future__ import annotations

from tests.cli.terminal import Terminal


def test_keys_are_listed_rotated_and_distrusted(terminal: Terminal) -> None:
    first = terminal.run("keys", "list", "--json").data
    assert first["keys"] == [first["current"]]
    assert first["signing"]["trusted"] == [first["signing"]["current"]]
    assert terminal.run("keys", "rotate", "--only", "signing").status == 0
    then = terminal.run("keys", "list", "--json").data
    assert then["current"] == first["current"]
    assert then["signing"]["trusted"] == [first["signing"]["current"], then["signing"]["current"]]
    both = terminal.run("keys", "rotate")
    assert "暗号化します" in both.out
    assert "署名します" in both.out
    removed = first["signing"]["current"]
    assert terminal.run("keys", "distrust", removed).status == 0
    again = terminal.run("keys", "distrust", removed)
    assert (again.status, removed in again.out) == (1, True)
    last = terminal.run("keys", "list", "--json").data
    assert len(last["keys"]) == 2
    assert removed not in last["signing"]["trusted"]
    assert terminal.run("keys", "distrust", last["signing"]["current"]).status == 0
    assert "信頼されていません" in terminal.run("keys", "list").out
