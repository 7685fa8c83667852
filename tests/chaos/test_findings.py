"""所見: each promise that a run is held against is seen to be broken where it is, and not where it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chaos.findings import Findings, GroundFound, NoticeFound, VersionFound, what_is_wrong
from chaos.ledger import Ledger, Told

DUE = ("due-1", date(2026, 12, 4))
BOTH = frozenset({"privacy_manager", "team_member"})
GROUND = GroundFound("change/1", "a-1", "a-1/1", held=False, review_is_open=True)
VERSION = VersionFound("a-1", 2, "a-1/1", BOTH, frozenset({"manager", "team-lead"}))
NOTICE = NoticeFound("find/1>manager", "k1", delivered_by="mail", failed=False)

WHOLE = Findings(
    recorded=Counter({"find/1": 1, "yearly/due-1": 1, "change/1/a-1": 1}),
    remembered=Counter({"find/1": 1, "yearly/due-1": 1, "change/1/a-1": 1}),
    reports=Counter({"change/1": 1}),
    grounds=(GROUND,),
    versions=(VERSION,),
    yearly=Counter({DUE: 1}),
    due=(DUE,),
    notices=(NOTICE,),
    letters=Counter({"<k1@example.jp>": 2}),
)


def told() -> Ledger:
    """Give a ledger of a report and an act that were accepted, and one that was refused."""
    ledger = Ledger()
    for act_id, kind, answer in (
        ("change/1", "change", Told.ACCEPTED),
        ("find/1", "find", Told.ACCEPTED),
        ("approve/1", "approve", Told.REFUSED),
    ):
        ledger.begin(act_id, kind=kind, assessment="a-1", by="manager", at=1.0).told = answer
    return ledger


def without_answer() -> Ledger:
    ledger = told()
    ledger.sent["approve/1"].told = Told.NOTHING
    return ledger


def with_a_bug() -> Ledger:
    ledger = told()
    ledger.complain(ledger.sent["find/1"], "500")
    return ledger


def found(**changes: Any) -> Callable[[], tuple[Findings, Ledger]]:
    return lambda: (replace(WHOLE, **changes), told())


ONCE = {"yearly/due-1": 1, "change/1/a-1": 1}
BROKEN = [
    pytest.param(lambda: (WHOLE, without_answer()), "no answer, though nothing fails", id="答えがない"),
    pytest.param(lambda: (WHOLE, with_a_bug()), "nobody should get.*500", id="不具合と答えた"),
    pytest.param(found(recorded=Counter(ONCE)), "accepted, and 0 times in the register", id="台帳にない"),
    pytest.param(found(recorded=Counter({**ONCE, "find/1": 2})), "accepted, and 2 times", id="台帳に二度"),
    pytest.param(found(remembered=Counter(ONCE)), "0 times in a history", id="履歴にない"),
    pytest.param(found(remembered=Counter({**ONCE, "find/1": 2})), "2 times in a history", id="履歴に二度"),
    pytest.param(
        found(recorded=WHOLE.recorded + Counter(["approve/1"]), remembered=WHOLE.remembered + Counter(["approve/1"])),
        "refused, and yet taken",
        id="断ったのに受けた",
    ),
    pytest.param(found(recorded=WHOLE.recorded + Counter(["x/1"])), "0 times in a history: x/1", id="台帳だけの行為"),
    pytest.param(found(reports=Counter()), "accepted, and 0 times in the register", id="報告がない"),
    pytest.param(found(grounds=()), "accepted, and in 0 reviews", id="報告の見直しがない"),
    pytest.param(found(grounds=(GROUND, replace(GROUND, review_id="a-1/2"))), "in 2 reviews", id="報告の見直しが二つ"),
    pytest.param(
        found(grounds=(replace(GROUND, held=True, review_is_open=False),)), "in 0 reviews", id="預けたまま終わった"
    ),
    pytest.param(
        found(versions=(replace(VERSION, roles=frozenset({"team_member"})),)), "without both", id="一方だけの承認"
    ),
    pytest.param(
        found(versions=(replace(VERSION, persons=frozenset({"manager"})),)), "without both", id="一人だけの承認"
    ),
    pytest.param(found(yearly=Counter()), "opened 0 times", id="年次の見直しがない"),
    pytest.param(found(yearly=Counter({DUE: 2})), "opened 2 times", id="年次の見直しが二度"),
    pytest.param(found(swept=False), "has not come to its end", id="年次の巡回が終わらない"),
    pytest.param(found(notices=(replace(NOTICE, delivered_by=None),)), "neither delivered", id="届かない知らせ"),
    pytest.param(found(letters=Counter()), "never came", id="来ていない手紙"),
    pytest.param(found(disagreeing=("a-1/1",)), "disagree on a-1/1", id="台帳とエンジンの食違い"),
    pytest.param(found(problems_of_the_chain=("act 3",)), "does not verify: act 3", id="証跡の誤り"),
]


@pytest.mark.parametrize(("run", "said"), BROKEN)
def test_a_broken_promise_is_told(run: Callable[[], tuple[Findings, Ledger]], said: str) -> None:
    wrong = what_is_wrong(*run())
    assert wrong
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(" / ".join(wrong))


HOLDS = [
    pytest.param({}, id="全て"),
    pytest.param({"notices": (replace(NOTICE, delivered_by=None, failed=True),)}, id="届かないことが見えている"),
    pytest.param({"notices": (replace(NOTICE, delivered_by="inbox"),), "letters": Counter()}, id="受信箱で知らせた"),
    pytest.param({"grounds": (replace(GROUND, held=True),)}, id="次の見直しを待つ"),
    pytest.param(
        {"grounds": (GROUND, replace(GROUND, held=True, review_is_open=False, review_id="a-1/0"))},
        id="次の見直しへ移った",
    ),
    pytest.param({"letters": Counter({"<k1@example.jp>": 3})}, id="同じ番号の手紙が三度"),
]


@pytest.mark.parametrize("changes", HOLDS)
def test_nothing_is_told_where_all_holds(changes: dict[str, Any]) -> None:
    assert what_is_wrong(replace(WHOLE, **changes), told()) == ()
