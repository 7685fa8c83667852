"""公開スキーマ (published schemas): each message as JSON Schema 2020-12, for any Temporal client."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from schemas import (
    acts,
    audit_papers,
    breach,
    countermeasures,
    duties,
    duty_acts,
    event_acts,
    events,
    guidance,
    organisation,
    records,
    reports,
    review,
)
from schemas.duty_papers import CONTENT_OF, PAPER_OF

FOLDER = Path(__file__).parent / "published"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

MESSAGES: MappingProxyType[str, Any] = MappingProxyType(
    {
        "organisation": organisation.Organisation,
        "change_report": reports.ChangeReport,
        "risk_event": reports.RiskEvent,
        "new_business": reports.NewBusiness,
        "end_of_business": reports.EndOfBusiness,
        "intake": acts.Intake,
        "join": acts.Join,
        "acknowledge": acts.Acknowledgement,
        "find": acts.Finding,
        "resolve": acts.Resolution,
        "submit": acts.Submission,
        "approve": acts.Approval,
        "return": acts.Return,
        "record_step": acts.StepRecord,
        "withdraw": acts.Withdrawal,
        "consent": acts.Consent,
        "dispute": acts.Dispute,
        "settle": acts.Settlement,
        "recall": acts.Recall,
        "revise": acts.Revision,
        "hand_over": acts.HandOver,
        "pass_gate": acts.GatePassage,
        "receipt": acts.Receipt,
        "refusal": acts.Refusal,
        "review_state": review.ReviewState,
        "new_assessment": records.NewAssessment,
        "report_progress": countermeasures.Progress,
        "postpone": countermeasures.Postponement,
        "done": countermeasures.Done,
        "confirm": countermeasures.Confirmation,
        "reject": countermeasures.Rejection,
        "countermeasure_receipt": countermeasures.CountermeasureReceipt,
        "countermeasure_state": countermeasures.CountermeasureState,
        "acknowledge_event": event_acts.EventAcknowledgement,
        "update_facts": event_acts.FactsUpdate,
        "add_knowledge": event_acts.KnowledgeAddition,
        "join_event": event_acts.EventJoining,
        "approve_report": event_acts.ReportApproving,
        "record_filing": event_acts.FilingRecord,
        "record_notification": event_acts.NotificationRecord,
        "propose_no_report": event_acts.NoReportProposal,
        "confirm_no_report": event_acts.NoReportConfirmation,
        "name_measure": event_acts.MeasureNaming,
        "close_event": event_acts.EventClosing,
        "event_receipt": event_acts.EventReceipt,
        "event_state": events.EventState,
        "breach_facts": breach.BreachFacts,
        "breach_knowledge": breach.Knowledge,
        "guidance_document": guidance.GuidanceDocument,
        "measures_report": guidance.MeasuresReport,
        "duty_open": duty_acts.DutyOpening,
        "duty_report_progress": duty_acts.DutyProgress,
        "duty_postpone": duty_acts.DutyPostponement,
        "duty_amend": duty_acts.DutyAmendment,
        "duty_enrol": duty_acts.DutyEnrolment,
        "duty_complete": duty_acts.DutyCompletion,
        "duty_excuse": duty_acts.DutyExcuse,
        "duty_hand_in": duty_acts.DutyHandIn,
        "duty_confirm": duty_acts.DutyConfirmation,
        "duty_send_back": duty_acts.DutySendingBack,
        "duty_cancel": duty_acts.DutyCancellation,
        "duty_receipt": duty_acts.DutyReceipt,
        "duty_state": duties.DutyState,
        "duty_roll": duties.Roll,
        "duty_completions": duties.Completions,
        "audit_programme": audit_papers.AuditProgramme,
        "analysed_systems": audit_papers.AnalysedSystems,
        **{f"{kind.value}_content": model for kind, model in CONTENT_OF.items()},
        **{f"{kind.value}_paper": model for kind, model in PAPER_OF.items()},
    }
)
"""名前とメッセージ: acts are named as the updates, those on a duty after `duty_`. A reminder is no update."""


def published() -> dict[str, str]:
    """Give each file's name and text."""
    return {f"{name}.schema.json": _text(name, message) for name, message in MESSAGES.items()}


def _text(name: str, message: Any) -> str:
    schema = TypeAdapter(message).json_schema(ref_template="#/$defs/{model}")
    whole = {"$schema": DIALECT, "$id": f"urn:minaoshi:{name}", **schema}
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=False) + "\n"


def stale() -> tuple[str, ...]:
    """Give the names of files that are missing, changed or left over."""
    wanted = published()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    return tuple(sorted(name for name in {*wanted, *there} if wanted.get(name) != there.get(name)))


def main(arguments: list[str]) -> int:
    """Write the files; with `--check`, only tell which are stale, and fail when any is."""
    if "--check" in arguments:
        for name in stale():
            sys.stderr.write(
                f"schemas/published/{name} が古くなっています。`python -m schemas.publish` で作り直してください。\n"
            )
        return 1 if stale() else 0
    FOLDER.mkdir(exist_ok=True)
    for name in stale():
        (FOLDER / name).unlink(missing_ok=True)
    for name, text in published().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
