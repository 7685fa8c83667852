"""見直しの頁 (review page): where a review stands, as a terminal shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output import say

if TYPE_CHECKING:
    from client.views import ReviewView


def print_review(view: ReviewView) -> None:
    """Print the whole of a review."""
    state = view.state
    say(f"見直し {view.review_id}　{view.assessment_name}")
    where = f"{state.stage.label}（{state.outcome.label}）" if state.outcome else state.stage.label
    turn = "・".join(party.label for party in view.waits_for) or "なし"
    say(f"  段階: {where}　番: {turn}　期限: {state.due_on or 'なし'}")
    if view.next_step:
        say(f"  次の手続: {view.next_step.label}")
    if state.draft_digest:
        say(f"  案: 第{state.revision}版 {state.draft_digest}")
    for sentence in view.violations:
        say(f"  【違反】{sentence}")
    _print_procedure(view)
    _print_gates(view)
    _print_grounds(view)
    _print_findings(view)
    _print_approvals(view)
    _print_timeline(view)


def _print_procedure(view: ReviewView) -> None:
    if view.procedure:
        say("実施手続")
    for step in view.procedure:
        done = f"{step.done_on} 済み" if step.done_on else f"期限 {step.due_on}" if step.due_on else "これから"
        until = f"、意見聴取は {step.until_on} まで" if step.until_on else ""
        earliest = f"、{step.earliest_on} 以後" if step.earliest_on else ""
        say(f"  {step.step.label}: {done}{until}{earliest}（{step.provisions}）")
        paper = f"　資料: {step.paper}{'（必須）' if step.paper_needed else ''}" if step.paper else ""
        if not step.done_on:
            say(f"    {step.sentence}。記録: {'・'.join(party.label for party in step.by)}{paper}")
        if step.to_be_revised:
            say("    案を改めることとされています（`minaoshi review revise` で起案に戻します）")
    if view.prior_notice:
        say(f"  事前通知: {view.prior_notice}")


def _print_gates(view: ReviewView) -> None:
    if view.gates:
        say("関門")
    for gate in view.gates:
        passed = f"{gate.passed_on} に通過" if gate.passed_on else f"予定 {gate.planned_on}"
        doubt = "" if gate.confirmed else "・要確認"
        say(
            f"  {gate.gate.label}: {passed}　要る手続: {gate.needs.label}{'（済み）' if gate.met else ''}"
            f"（{gate.provisions}{doubt}）"
        )
        if gate.warning:
            say(f"    【警告】{gate.warning}")


def _print_grounds(view: ReviewView) -> None:
    say(f"事由（事実の第{view.state.facts_revision}版）")
    for ground in view.state.grounds:
        read = f"{ground.acknowledged_by} が受領を確認" if ground.acknowledged_by else "未確認"
        say(f"  {ground.kind.label}: {ground.title}（把握 {ground.known_on}、最低限 {ground.minimum.label}、{read}）")
        say(f"    {ground.ground_id}" + (f"（「{ground.shared}」を共有するため加えられた）" if ground.shared else ""))
    for ground in view.state.held:
        say(f"  次の見直しへ: {ground.kind.label}: {ground.title}")
    for ground in view.state.withdrawn:
        say(f"  取下げ: {ground.kind.label}: {ground.title}")
    if view.state.withdrawal:
        where = "総括保護管理者の裁定" if view.state.withdrawal.contested else "もう一方の同意"
        say(f"  取下げの申出（{where}を待つ）: {view.state.withdrawal.ground_id}")


def _print_findings(view: ReviewView) -> None:
    if view.findings:
        say("検討結果")
    for finding in view.findings:
        mark = "" if finding.stands else "（無効）"
        course = finding.course.label if finding.course else "（伏せられています）"
        say(f"  {finding.party.label} {finding.person}: {course}{mark}")
        say(f"    {finding.reason}")


def _print_approvals(view: ReviewView) -> None:
    if view.state.approvals:
        say("承認と差戻し")
    if view.state.dispute:
        say(f"  異議（総括保護管理者の裁定を待つ）: {view.state.dispute.party.label} {view.state.dispute.person}")
    for given in view.state.approvals:
        mark = "" if given.stands else "（無効）"
        say(
            f"  {given.party.label} {given.person}: {'承認' if given.approved else '差戻し'}{mark}"
            f" 案の第{given.revision}版 {given.digest[:12]}"
        )


def _print_timeline(view: ReviewView) -> None:
    from guideline.deadlines import TOKYO

    say("経過")
    for row in view.timeline:
        at = row.at.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M:%S")
        role = f"{row.role.label}（代理）" if row.stands_in else row.role.label
        say(f"  {row.sequence:>3} {at} {row.act.label}（{role} {row.person}）{row.text}")
