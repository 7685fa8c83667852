"""告げ方 (telling): what a run has shown, fault by fault, and what is wrong."""

from __future__ import annotations

import sys
from collections import Counter

from rich.console import Console
from rich.table import Table

from chaos.running import Outcome

_MOST = 40
_WIDTH = 140


def tell(outcome: Outcome, *, seed: int) -> None:
    """Print the table of faults, the sums, and every fault that was found."""
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    table = Table("障害", "から（秒）", "まで", "その間にあり、受け付けられた", "その後に受け付けられた")
    ledger = outcome.ledger
    for one in outcome.struck:
        during = ledger.under_way_between(one.began_at, one.healed_at)
        after = ledger.answered_between(one.healed_at, one.next_at)
        table.add_row(one.fault, f"{one.began_at:.1f}", f"{one.healed_at:.1f}", str(during), str(after))
    console.print(table)
    told = Counter(one.told.value for one in ledger.sent.values())
    again = sum(one.times > 1 for one in ledger.sent.values())
    console.print(
        f"送った行為 {len(ledger.sent)}、受付 {told['accepted']}、不受理 {told['refused']}、"
        f"答えなし {told['nothing']}、送り直した行為 {again}、自ら終わった過程 {outcome.ended_by_themselves}"
    )
    for title, lines in (("破れた約束", outcome.wrong), ("何も示さなかった障害", outcome.empty)):
        if lines:
            console.print(f"{title}: {len(lines)}件")
            for line in lines[:_MOST]:
                console.print(f"  - {line}", markup=False, highlight=False)
    console.print(f"{'合格' if outcome.ok else '不合格'}（SEED={seed}）")
