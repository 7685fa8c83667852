"""照合 (oracle): holds the register against what must be so, by its rows alone: none of the product's code is asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from schemas.courses import Course
from tests.years.days import after, years_later
from tests.years.office import Diary
from tests.years.population import Planned

ESCALATION = 2
"""督促から上位者への報告まで: open days, as the organisation of the simulation says."""

URGENCIES = ("reminder", "superior", "top")
_TO_TOKYO = timedelta(hours=9)


class Rang(NamedTuple):
    """鳴ったもの (what rang): which clock, how urgent, from when it counted, and for which day."""

    clock: str
    urgency: str
    began_at: datetime
    due_on: date


class Oracle:
    """照合: reads the file of the register."""

    def __init__(self, file: Path, planned: Mapping[str, Planned], diary: Diary) -> None:
        self._rows = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        self._planned = planned
        self._diary = diary

    def close(self) -> None:
        self._rows.close()

    def ask(self, statement: str, *values: object) -> list[Any]:
        return self._rows.execute(statement, values).fetchall()

    # --- nothing overdue without an escalation on record

    def silent(self, today: date, *, swept_on: date) -> Iterator[str]:
        """Give what is overdue this morning and of which the register has no escalation.

        `swept_on` is the day of the last sweep: what has come since then is not asked yet.
        """
        yield from self._silent_turns(today)
        yield from self._silent_receipts(today)
        yield from self._silent_countermeasures(today)
        yield from self._silent_dates(today, swept_on)
        yield from self._not_asked_to_end(today, swept_on)

    def _silent_turns(self, today: date) -> Iterator[str]:
        rows = self.ask(
            "SELECT review_id, due_on, json_extract(state, '$.turn_began_at') FROM reviews"
            " WHERE stage <> 'closed' AND due_on < ?",
            today.isoformat(),
        )
        for review_id, due_on, began_at in rows:
            due, began = date.fromisoformat(due_on), datetime.fromisoformat(began_at)
            rang = {one.urgency for one in self._rang(review_id) if (one.clock, one.began_at) == ("turn", began)}
            yield from _missing(f"{review_id} 今の番（期限 {due}）", rang, called_on=due, today=today)

    def _silent_receipts(self, today: date) -> Iterator[str]:
        rows = self.ask(
            "SELECT review_id, min(json_extract(ground.value, '$.joined_at')) FROM reviews,"
            " json_each(reviews.state, '$.grounds') AS ground WHERE stage <> 'closed'"
            " AND json_extract(ground.value, '$.acknowledged_by') IS NULL GROUP BY review_id"
        )
        for review_id, joined_at in rows:
            due = after(_day(joined_at), 1)
            rang = {one.urgency for one in self._rang(review_id) if one.clock == "acknowledgement"}
            if due < today and not {"reminder", "superior"} <= rang:
                yield f"{today} {review_id} 受領確認（期限 {due}）: {rang}"

    def _silent_countermeasures(self, today: date) -> Iterator[str]:
        """Hold what is promised and not done, and what is done and not confirmed, against what rang."""
        rows = self.ask("SELECT countermeasure_id, status, due_on, state FROM countermeasures WHERE status <> 'closed'")
        for one, status, due_on, state in rows:
            alarms = [
                json.loads(content)["alarm"]
                for [content] in self.ask(
                    "SELECT content FROM countermeasure_acts WHERE countermeasure_id = ? AND kind = 'remind'", one
                )
            ]
            due = date.fromisoformat(due_on) if status == "open" else after(_day(json.loads(state)["began_at"]), 5)
            rang = {
                alarm["urgency"] for alarm in alarms if (alarm["status"], alarm["due_on"]) == (status, due.isoformat())
            }
            # The owner is told before the date, so that the superior is told at once.
            called = URGENCIES[1:] if status == "open" else URGENCIES
            yield from _missing(f"{one} {status}（期限 {due}）", rang, called_on=due, today=today, urgencies=called)

    def _silent_dates(self, today: date, swept_on: date) -> Iterator[str]:
        """Hold the dates of the calendar against what was asked and what rang: the yearly one and the five years."""
        asked = self._asked(today)
        for assessment_id, kind, due_on, joined_on in asked:
            rang = {
                one.urgency
                for [review_id] in self.ask("SELECT review_id FROM reviews WHERE assessment_id = ?", assessment_id)
                for one in self._rang(review_id)
                if (one.clock, one.due_on) == (kind, due_on)
            }
            called_on = max(due_on - timedelta(days=1), joined_on)
            yield from _missing(f"{assessment_id} {kind}（期日 {due_on}）", rang, called_on=called_on, today=today)
        waiting = {(assessment_id, kind, due_on) for assessment_id, kind, due_on, _ in asked}
        for assessment_id, due_on in self._overdue("yearly_due_on", today):
            if (assessment_id, "yearly", due_on) not in waiting:
                yield f"{today} {assessment_id} 年次（期日 {due_on}）: 見直しがありません。"
        for assessment_id, due_on in self._overdue("five_years_due_on", today):
            last = max([due_on, *(day for years in range(11) if (day := years_later(due_on, years)) <= swept_on)])
            if not self.ask("SELECT 1 FROM acts WHERE act_id = ?", f"five_years/{assessment_id}/{last}"):
                yield f"{today} {assessment_id} 五年（期日 {due_on}、{last}）: 問われていません。"

    def _asked(self, today: date) -> list[tuple[str, str, date, date]]:
        """Give what open reviews are asked by a day that has come, also what they hold for the next one."""
        rows = self.ask(
            "SELECT reviews.assessment_id, ground.value FROM reviews, json_each(reviews.state, '$.grounds') AS ground"
            " WHERE stage <> 'closed' UNION ALL"
            " SELECT reviews.assessment_id, ground.value FROM reviews, json_each(reviews.state, '$.held') AS ground"
            " WHERE stage <> 'closed'"
        )
        grounds = [(assessment_id, json.loads(ground)) for assessment_id, ground in rows]
        return [
            (assessment_id, one["kind"], date.fromisoformat(one["due_on"]), _day(one["joined_at"]))
            for assessment_id, one in grounds
            if one["kind"] in ("yearly", "five_years") and one["due_on"] <= today.isoformat()
        ]

    def _overdue(self, column: str, today: date) -> Iterator[tuple[str, date]]:
        rows = self.ask(
            f"SELECT assessment_id, {column} FROM assessments WHERE standing = 'published' AND {column} <= ?",  # noqa: S608 # a name of ours
            today.isoformat(),
        )
        yield from ((assessment_id, date.fromisoformat(due_on)) for assessment_id, due_on in rows)

    def _not_asked_to_end(self, today: date, swept_on: date) -> Iterator[str]:
        rows = self.ask(
            "SELECT assessment_id, published_until FROM assessments WHERE standing = 'ended' AND published_until <= ?"
            " AND NOT EXISTS (SELECT 1 FROM acts"
            " WHERE act_id = 'publication_period/' || assessment_id || '/' || published_until)",
            swept_on.isoformat(),
        )
        yield from (f"{today} {one} 公表期間の満了（{until}）: 見直しが始まっていません。" for one, until in rows)

    def _rang(self, review_id: str) -> Iterator[Rang]:
        for [content] in self.ask("SELECT content FROM acts WHERE review_id = ? AND kind = 'remind'", review_id):
            alarm = json.loads(content)["alarm"]
            yield Rang(
                alarm["clock"],
                alarm["urgency"],
                datetime.fromisoformat(alarm["began_at"]),
                date.fromisoformat(alarm["due_on"]),
            )

    # --- the dates

    def wrong_dates(self, today: date) -> Iterator[str]:
        """Give the assessments whose dates are not those that follow from what people did."""
        rows = self.ask(
            "SELECT assessment_id, yearly_due_on, five_years_due_on FROM assessments WHERE standing = 'published'"
        )
        for assessment_id, yearly, five_years in rows:
            last_check, last_whole = self._last(assessment_id)
            said = (yearly, five_years)
            due = (years_later(last_check, 1).isoformat(), years_later(last_whole, 5).isoformat())
            if said != due:
                yield f"{today} {assessment_id}: 台帳 {said}、数え直し {due}"

    def _last(self, assessment_id: str) -> tuple[date, date]:
        """Give when all of it was last checked, and last published anew: a 修正 is neither."""
        planned = self._planned[assessment_id]
        anew = [day for day, course in self._diary.published[assessment_id] if course is Course.REASSESS]
        return (
            max([planned.verified_on, *self._diary.checked[assessment_id]]),
            max([planned.published_on, *anew]),
        )

    def without_an_end(self, today: date) -> Iterator[str]:
        """Give the reviews that are open and wait for nothing by no day, or closed and never were."""
        rows = self.ask(
            "SELECT review_id, stage FROM reviews WHERE (stage <> 'closed' AND due_on IS NULL)"
            " OR (stage = 'closed') <> (closed_at IS NOT NULL) OR (stage = 'closed') <> (outcome IS NOT NULL)"
        )
        yield from (f"{today} {review_id}: {stage}" for review_id, stage in rows)

    # --- what is on record

    def open_reviews(self) -> list[str]:
        """Give the reviews that are open."""
        return [review_id for [review_id] in self.ask("SELECT review_id FROM reviews WHERE stage <> 'closed'")]

    def asked(self, assessment_id: str, kind: str) -> list[date]:
        """Give for which days the calendar asked an assessment, in the order in which it did."""
        rows = self.ask("SELECT act_id FROM acts WHERE act_id LIKE ? ORDER BY at", f"{kind}/{assessment_id}/%")
        return [date.fromisoformat(act_id.rpartition("/")[2]) for [act_id] in rows]

    def asked_on(self) -> dict[tuple[str, str, date], date]:
        """Give of each kind, assessment and due day on which day the calendar asked."""
        rows = self.ask("SELECT act_id, at FROM acts WHERE act_id LIKE 'yearly/%' OR act_id LIKE 'five_years/%'")
        named = [(*act_id.split("/"), at) for act_id, at in rows]
        return {(kind, one, date.fromisoformat(due_on)): _day(at) for kind, one, due_on, at in named}

    def steps_of(self, assessment_id: str) -> set[str]:
        """Give the steps that were ever recorded of an assessment."""
        rows = self.ask(
            "SELECT json_extract(content, '$.step') FROM acts JOIN reviews USING (review_id)"
            " WHERE kind = 'record_step' AND assessment_id = ?",
            assessment_id,
        )
        return {step for [step] in rows}

    def countermeasures(self) -> list[str]:
        """Give the status of each countermeasure."""
        return [status for [status] in self.ask("SELECT status FROM countermeasures")]

    def raised_on(self, assessment_id: str) -> list[date]:
        """Give the days on which an assessment was asked for a higher level."""
        rows = self.ask("SELECT at FROM acts WHERE act_id LIKE ?", f"level_change/rise/{assessment_id}/%")
        return [_day(at) for [at] in rows]

    def rang_in_all(self, urgency: str) -> int:
        """Give how many alarms of that urgency rang."""
        found = "SELECT count(*) FROM acts WHERE kind = 'remind' AND json_extract(content, '$.alarm.urgency') = ?"
        [[count]] = self.ask(found, urgency)
        return int(count)

    def acts_of(self, person: str, since: date) -> int:
        """Give how many acts a person did from that day on."""
        found = self.ask("SELECT at FROM acts WHERE person = ?", person)
        return sum(_day(at) >= since for [at] in found)

    def forms_published(self) -> list[tuple[str, date]]:
        """Give of each 様式2 that was published its form and the day on which its review was opened."""
        rows = self.ask(
            "SELECT json_extract(document.value, '$.form_version'), reviews.opened_at FROM versions"
            " JOIN reviews USING (review_id), json_each(versions.manifest, '$.documents') AS document"
            " WHERE json_extract(document.value, '$.form') = 'basic_items'"
        )
        return [(version, _day(opened_at)) for version, opened_at in rows]

    def documents(self) -> list[dict[str, Any]]:
        """Give every document of an assessment whose content is here."""
        rows = self.ask(
            "SELECT content FROM documents WHERE content IS NOT NULL"
            " AND form IN ('basic_items', 'priority_items', 'all_items')"
        )
        return [json.loads(content) for [content] in rows]


def _missing(
    what: str, rang: set[str], *, called_on: date, today: date, urgencies: tuple[str, ...] = URGENCIES
) -> Iterator[str]:
    """Say which of the calls, one after the other, should have come by this morning and did not."""
    for number, urgency in enumerate(urgencies):
        last_day = called_on
        for _ in range(number):
            last_day = after(last_day, ESCALATION)
        if last_day < today and urgency not in rang:
            yield f"{today} {what}: {urgency} がありません（記録: {sorted(rang)}）。"


def _day(instant: str) -> date:
    """Give the day in Japan of an instant that stands in the register."""
    at = datetime.fromisoformat(instant)
    naive = at.replace(tzinfo=None) - (at.utcoffset() or timedelta())
    return (naive + _TO_TOKYO).date()
