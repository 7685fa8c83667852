"""ワーカーの診断の文 (texts of `doctor` on workers): what was seen and what to do, in both languages."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cli.language import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


class Finding(NamedTuple):
    """所見 (finding): what was seen, and the remedy."""

    seen: Text
    remedy: Text | None = None


_START_WORKER = Text(
    "`minaoshi up` か `minaoshi worker` を起動してください。", "Start `minaoshi up` or `minaoshi worker`."
)

WORKERS: Mapping[str, Finding] = MappingProxyType(
    {
        "workers.there": Finding(
            Text("{number} つ、版 {installed}（{identities}）", "{number}, version {installed} ({identities})")
        ),
        "workers.none": Finding(
            Text(
                "タスクキュー {queue} を待ち受けるワーカーがありません。",
                "No worker asks the task queue {queue} for work.",
            ),
            _START_WORKER,
        ),
        "workers.mixed": Finding(
            Text(
                "版 {installed} のほかに、版 {others} のワーカーもあります（{identities}）。",
                "Beside version {installed} there are workers of version {others} ({identities}).",
            ),
            Text(
                "入れ替えの途中でなければ、古いワーカーを止めてください。",
                "Unless they are being replaced just now, stop the old workers.",
            ),
        ),
        "workers.other_version": Finding(
            Text(
                "どのワーカーも版 {others} で、ここの版 {installed} と違います（{identities}）。",
                "All workers are of version {others}, and this is {installed} ({identities}).",
            ),
            Text(
                "ワーカーを版 {installed} で起動し直してください（ワーカーの方が新しければ、こちらを更新します）。",
                "Start the workers anew with version {installed} (or, where they are newer, update this program).",
            ),
        ),
        "workers.waiting": Finding(
            Text(
                "版 {installed} のワーカー（{idle}）がありますが、仕事は現行の版 {others} に渡されています。",
                "There are workers of version {installed} ({idle}), but work goes to the current version {others}.",
            ),
            Text(
                "入れ替えるときは `minaoshi version current {installed}` を実行してください。",
                "To change over, run `minaoshi version current {installed}`.",
            ),
        ),
        "workers.idle": Finding(
            Text(
                "現行の版 {installed} のほかに、仕事を渡されないワーカーがあります（{idle}）。",
                "Beside the current version {installed} there are workers that are given no work ({idle}).",
            ),
            Text(
                "入れ替えの途中でなければ、止めるか、版 {installed} で起動し直してください。",
                "Unless they are being replaced just now, stop them or start them anew with version {installed}.",
            ),
        ),
        "workers.not_current": Finding(
            Text(
                "仕事は現行の版 {current} だけに渡され、いまのワーカー（{identities}）はその版ではありません。",
                "Work goes to the current version {current} alone, and the workers there are ({identities}) are of "
                "another.",
            ),
            Text(
                "`minaoshi version status` で確かめ、"
                "`minaoshi version current` でワーカーのある版を現行にしてください。",
                "See `minaoshi version status`, and make a version that has workers current: `minaoshi version "
                "current`.",
            ),
        ),
        "workers.unversioned": Finding(
            Text(
                "仕事は現行の版 {current} だけに渡され、版を名乗らないいまのワーカー（{identities}）には渡されません。",
                "Work goes to the current version {current} alone, and the workers there are ({identities}) name none.",
            ),
            Text(
                "版 {installed} のワーカーを起動してください。版を名乗らないリリースに戻したときは、"
                "`minaoshi version unversioned` を実行してください。",
                "Start workers of version {installed}. After a return to a release without versions, run "
                "`minaoshi version unversioned`.",
            ),
        ),
        "workers.shut_out": Finding(
            Text(
                "タスクキュー {queue} の仕事は、別の配備の版 {current} だけに渡され、"
                "いまのワーカー（{identities}）には渡されません。",
                "Work of the task queue {queue} goes to the version {current} of another deployment alone, "
                "and the workers there are ({identities}) get none.",
            ),
            Text(
                "`MINAOSHI_DEPLOYMENT={deployment_name} minaoshi version unversioned` で元に戻してください。",
                "Take it back: `MINAOSHI_DEPLOYMENT={deployment_name} minaoshi version unversioned`.",
            ),
        ),
        "workers.no_current": Finding(
            Text(
                "現行の版が決められておらず、ワーカー（{identities}）には仕事が渡されません。",
                "No version is current: the workers ({identities}) get no work.",
            ),
            Text(
                "`minaoshi version current` で現行の版を決めてください。",
                "Set one: `minaoshi version current`.",
            ),
        ),
        "versions.none": Finding(
            Text(
                "配備 {deployment} の版を名乗るワーカーは、まだ現れていません",
                "No worker has named a version of the deployment {deployment} yet",
            )
        ),
        "versions.current": Finding(Text("現行は {current}", "Current: {current}")),
        "versions.no_current": Finding(
            Text("現行の版がありません。", "No version is current."),
            Text(
                "`minaoshi version current` で現行の版を決めてください。",
                "Set one: `minaoshi version current`.",
            ),
        ),
        "versions.ramping": Finding(
            Text(
                "現行は {current} で、見直しの {percentage:g}% を版 {ramping} に渡しています。",
                "{current} is current, and {percentage:g}% of the workflows go to {ramping}.",
            ),
            Text(
                "`minaoshi version current {ramping}` で入れ替えるか、`minaoshi version ramp {ramping} 0` で"
                "終えてください。",
                "Change over with `minaoshi version current {ramping}`, or end it with "
                "`minaoshi version ramp {ramping} 0`.",
            ),
        ),
        "versions.draining": Finding(
            Text(
                "現行は {current} です。版 {draining} に固定された見直しがないことを、サーバーが確かめています。",
                "{current} is current. The server is still seeing whether anything is pinned to {draining}.",
            ),
            Text(
                "数分待つか、`minaoshi version drain` で確かめてから、その版のワーカーを止めてください。",
                "Wait for some minutes, or ask `minaoshi version drain`, before you stop the workers of that version.",
            ),
        ),
        "versions.pinned": Finding(
            Text(
                "特定の版に固定された見直しがあります（{pinned}）。その版のワーカーがなくなると止まります。",
                "Reviews are pinned to a version ({pinned}): they stop when its workers have gone.",
            ),
            Text(
                "`minaoshi version unpin` で固定を外してください。",
                "Unpin them: `minaoshi version unpin`.",
            ),
        ),
    }
)
