"""義務の場面 (scene of duties): a duty of every kind stands somewhere on its way, and the list of their pages."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from schemas.circulars import LetterKey
from schemas.forms.wording import japanese_day
from tests.guideline.guidance_samples import done, planned, when
from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, House, as_json, today
from tests.workflows.circular_samples import circular, table
from tests.workflows.duty_samples import members, training
from tests.workflows.planning import EVIDENCE, in_days

NOBODY = ""
"""サインインしない者: whoever follows the link of a letter."""

DEPARTMENT, SYSTEM = "account-registration", "口座登録システム"
FILE = "公金受取口座登録ファイル"
QUESTIONS = ("個人情報ファイルの管理簿があるか", "アクセスの権限を定期に見直しているか")
RECIPIENTS, REACHED = 94, 47
_OPENED = {
    TEAM: ("guidance", "measure", "status_report", "publicity", "circular", "answer", "training"),
    AUDITOR: ("inspection", "audit", "correction", "log_analysis"),
}


class Shown(NamedTuple):
    """ページ: its name in file names and test ids, its address, and who opens it."""

    name: str
    address: str
    person: str


class Duties(NamedTuple):
    """立っている義務: the numbers of what stands there."""

    guidance: str
    draft: str
    report: str
    publicity: str
    circular: str
    answer: str
    training: str
    inspection: str
    audit: str
    correction: str
    log_analysis: str
    token: str

    def pages(self) -> tuple[Shown, ...]:
        """Give every page of duties, as the person whom it concerns."""
        return (*self._lists(), *self._of_guidance(), *self._each(), *self._acts(), *self._of_their_kind())

    def _lists(self) -> tuple[Shown, ...]:
        return (
            Shown("duties", "/duties?scope=all", TEAM),
            Shown("duties-drafter", "/duties", DRAFTER),
            Shown("duties-training", "/duties?kind=training", TEAM),
            Shown("duties-department", f"/duties?department={DEPARTMENT}", AUDITOR),
            Shown("duties-none", "/duties?kind=answer&department=child-allowance", AUDITOR),
            Shown("audit-plan", "/duties/audit-plan", AUDITOR),
            Shown("audit-plan-none", "/duties/audit-plan", "allowance-drafter"),
            Shown("guidances", "/guidance", TEAM),
            Shown("guidances-none", "/guidance", "allowance-drafter"),
            Shown("rules", "/rules", TEAM),
            Shown("rules-new", "/rules/new", TEAM),
            Shown("inbox-auditor", "/", AUDITOR),
            Shown("inbox-chief", "/", CHIEF),
            Shown("notices-drafter", "/notices", DRAFTER),
            *(
                Shown(f"duty-new-{kind}", f"/duties/new/{kind}", person)
                for person, kinds in _OPENED.items()
                for kind in kinds
            ),
        )

    def _of_guidance(self) -> tuple[Shown, ...]:
        whole, draft = f"/guidance/{self.guidance}", f"/guidance/{self.draft}"
        return (
            Shown("guidance-enter", "/guidance/enter", TEAM),
            Shown("guidance", whole, TEAM),
            Shown("guidance-draft", draft, TEAM),
            Shown("guidance-approve", f"{whole}/acts/approve", CHIEF),
            Shown("guidance-approve-missing", f"{draft}/acts/approve", TEAM),
            Shown("guidance-confirm", f"{draft}/acts/confirm", CHIEF),
            Shown("guidance-measure", f"{draft}/acts/measure", TEAM),
            Shown("guidance-close", f"{whole}-done/acts/close", TEAM),
        )

    def _each(self) -> tuple[Shown, ...]:
        return (
            Shown("duty-guidance", f"/duties/guidance:{self.guidance}", TEAM),
            Shown("duty-measure", f"/duties/measure:{self.guidance}.2-1", DRAFTER),
            Shown("duty-measure-done", f"/duties/measure:{self.guidance}.1-1", TEAM),
            Shown("duty-report", f"/duties/{self.report}", CHIEF),
            Shown("duty-publicity", f"/duties/{self.publicity}", TEAM),
            Shown("duty-publicity-reader", f"/duties/{self.publicity}", "desk"),
            Shown("duty-circular", f"/duties/{self.circular}", TEAM),
            Shown("duty-answer", f"/duties/{self.answer}", TEAM_2),
            Shown("duty-training", f"/duties/{self.training}", TEAM),
            Shown("duty-training-member", f"/duties/{self.training}?status=open", "desk"),
            Shown("duty-inspection", f"/duties/{self.inspection}", MANAGER),
            Shown("duty-audit", f"/duties/{self.audit}", AUDITOR),
            Shown("duty-correction", f"/duties/{self.correction}", DRAFTER),
            Shown("duty-log-analysis", f"/duties/{self.log_analysis}", AUDITOR),
        )

    def _acts(self) -> tuple[Shown, ...]:
        measure, late = f"measure:{self.guidance}.2-1", self.log_analysis.rpartition(".")[0]
        following = f"{late}.{_month(1)}"
        return tuple(
            Shown(f"duty-act-{name}", f"/duties/{duty}/acts/{act}", person)
            for name, duty, act, person in (
                ("progress", measure, "progress", DRAFTER),
                ("hand-in", measure, "hand-in", DRAFTER),
                ("postpone", measure, "postpone", TEAM),
                ("amend", measure, "amend", TEAM),
                ("cancel", measure, "cancel", TEAM),
                ("confirm", self.log_analysis, "confirm", AUDITOR),
                ("send-back", self.log_analysis, "send-back", AUDITOR),
                ("complete", self.training, "complete", MANAGER),
                ("excuse", self.training, "excuse", TEAM),
                ("hand-in-training", self.training, "hand-in", TEAM),
                ("hand-in-answer", self.answer, "hand-in", TEAM),
                ("hand-in-inspection", self.inspection, "hand-in", MANAGER),
                ("hand-in-audit", f"{self.audit}-ahead", "hand-in", AUDITOR),
                ("hand-in-correction", self.correction, "hand-in", DRAFTER),
                ("hand-in-log", following, "hand-in", DRAFTER),
            )
        )

    def _of_their_kind(self) -> tuple[Shown, ...]:
        circular, training = f"/duties/{self.circular}", f"/duties/{self.training}"
        return (
            Shown("circular-recipients", f"{circular}/recipients", TEAM),
            Shown("circular-question", f"{circular}/questions/new", TEAM),
            Shown("circular-send", f"{circular}/send", TEAM),
            Shown("circular-remind", f"{circular}/remind", TEAM),
            Shown("acknowledge", f"/acknowledge/{self.token}", NOBODY),
            Shown("acknowledge-done", f"/acknowledge/{self.token}-done", NOBODY),
            Shown("not-found-link", "/acknowledge/nothing", NOBODY),
            Shown("publicity-read", f"/duties/{self.publicity}/read", "desk"),
            Shown("publicity-read-done", f"/duties/{self.publicity}/read", DRAFTER),
            Shown("training-own", f"{training}/mine", "desk"),
            Shown("training-roll", f"{training}/roll/import", TEAM),
            Shown("training-completions", f"{training}/completions/import", MANAGER),
            Shown("audit-set-plan", f"/duties/{self.audit}-ahead/plan", AUDITOR),
            Shown("log-months", f"/duties/{self.log_analysis}/months", AUDITOR),
            Shown("log-anomaly", f"/duties/{self.log_analysis}/anomalies/1", DRAFTER),
        )


async def set_duties(house: House, *, name: str) -> Duties:
    """Open a duty of every kind. Whatever runs on one server has numbers of its own."""
    guidance, draft, report = await _guidance(house, name)
    circular_id, answer, token = await _circular(house, name)
    audit, inspection, correction = await _audit(house, name)
    return Duties(
        guidance,
        draft,
        report,
        await _publicity(house, name),
        circular_id,
        answer,
        await _training(house, name),
        inspection,
        audit,
        correction,
        await _logs(house, name),
        token,
    )


# --- 指導


async def _guidance(house: House, name: str) -> tuple[str, str, str]:
    """Enter one whose report the team has approved, with a measure overdue; one at its beginning, one at its end."""
    late, ahead = today() - timedelta(days=20), in_days(45)
    measures = (
        done(owner=TEAM_2, heading="規程の改正"),
        _measure("2-1", late, text="漏えい等の報告の流れを、全職員に周知する。", heading="報告体制の周知"),
        _measure("2-2", ahead, text="報告の訓練を、毎年行う。"),
    )
    room = house.minaoshi.guidance
    whole = f"{name}-guidance"
    await room.enter(_document(whole, "公金受取口座の誤登録事案", measures), as_=TEAM)
    await room.confirm_all(whole, as_=CHIEF)
    await house.minaoshi.duties.report_progress(
        f"measure:{whole}.2-1", as_json(text="周知の資料の案を作った。"), as_=DRAFTER
    )
    report = await room.approve(whole, as_=TEAM)
    draft = f"{name}-guidance-2"
    await room.enter(_document(draft, "申請書の紛失事案", measures[:1]), as_=TEAM)
    over = f"{whole}-done"
    await room.enter(_document(over, "書類の誤送付事案", measures[:1], items=1), as_=TEAM)
    await room.confirm_all(over, as_=CHIEF)
    for person in (TEAM, CHIEF):
        await room.approve(over, as_=person)
    return whole, draft, report.duty_id


def _measure(measure_id: str, latest_on: date, **more: Any) -> Any:
    at = when(said=japanese_day(latest_on), latest_on=latest_on)
    return planned(measure_id, when=at, owner=DRAFTER, department=DEPARTMENT, **more)


def _document(which: str, subject: str, measures: tuple[Any, ...], *, items: int = 2) -> bytes:
    asked = [
        {"number": "1", "heading": "規程の整備", "text": "漏えい等に対応する規程を見直すこと。"},
        {"number": "2", "heading": "報告体制", "text": "上位者への報告が適時に行われる体制を整えること。"},
    ]
    received_on = today() - timedelta(days=60)
    guidance = {
        "authority": "個人情報保護委員会",
        "respondent": "デジタル庁",
        "received_on": received_on.isoformat(),
        "report_due_on": in_days(10).isoformat(),
        "number": "個情第100号",
        "items": asked[:items],
    }
    entries = [one.model_dump(mode="json") for one in measures]
    return as_json(id=which, subject=subject, department="privacy", owner=TEAM, guidance=guidance, measures=entries)


# --- 周知、事務連絡、研修


async def _publicity(house: House, name: str) -> str:
    content = {
        "rule": "個人情報の漏えい等への対応に関する規程",
        "number": "規程第12号",
        "version": "第2版",
        "in_force_on": today().isoformat(),
        "changes": "漏えい等を知った者は、直ちに保護管理者に報告することとした。",
        "approved_by": "総括保護管理者",
        "approved_on": today().isoformat(),
        "channel": "庁内ポータルサイト",
        "department": "privacy",
        "due_on": in_days(14).isoformat(),
    }
    rules = house.minaoshi.rules
    made = await rules.make_known(f"{name}-rule", as_json(**content), as_=TEAM, file=("規程.pdf", b"%PDF-1.7"))
    await rules.confirm_read(made.receipt.duty_id, as_=DRAFTER)
    return made.receipt.duty_id


async def _circular(house: House, name: str) -> tuple[str, str, str]:
    """Have one sent: some were not reached, half have acknowledged, one asks."""
    one, rooms, rows = f"circular:{name}", house.minaoshi, house.register.circulars
    await rooms.circulars.open(one, circular(), as_=TEAM, file=("事務連絡.pdf", b"%PDF-1.7"))
    await rooms.circulars.import_recipients(one, table(RECIPIENTS, encoding="cp932"), as_=TEAM)
    await rooms.duties.report_progress(one, as_json(text="宛先への発出を始めた。"), as_=TEAM)
    roll = sorted(row.member for row in await rooms.duties.roll(one, as_=TEAM))
    now, token = datetime.now(UTC), hashlib.sha256(name.encode()).hexdigest()[:43]
    reached, failed = roll[:REACHED], roll[REACHED : REACHED + 2]
    for member in reached:
        await rows.mark_delivered(LetterKey(duty_id=one, member=member, round="first"), at=now)
    for member in failed:
        letter = LetterKey(duty_id=one, member=member, round="first")
        await rows.mark_failed(letter, failure="宛先がありません（550）。", given_up=True, at=now)
    acknowledged = [member for number, member in enumerate(reached) if number % 7 < 4 or number < 10]
    content = as_json(members=acknowledged, completed_on=today().isoformat())
    await rooms.duties.complete(one, content, as_=TEAM)
    links = {roll[-1]: token, acknowledged[0]: f"{token}-done"}
    digests = {member: hashlib.sha256(each.encode()).hexdigest() for member, each in links.items()}
    await rows.keep_links(one, digests, at=now)
    question = as_json(member=acknowledged[0], question="窓口の端末の共用も、含まれますか。")
    asked = await rooms.circulars.ask(one, question, as_=TEAM)
    return one, asked.duty_id, token


async def _training(house: House, name: str) -> str:
    training_id, duties = f"training:{name}", house.minaoshi.duties
    topics = [{"title": "漏えい等の報告", "provision": "個人情報保護法68条"}, {"title": "端末の扱い"}]
    await duties.open(training_id, training(content={"material": "個人情報の適正な取扱い", "topics": topics}), as_=TEAM)
    added = [
        *members("desk", DRAFTER, *(f"staff-{number}" for number in range(1, 8))),
        *members("allowance-drafter", *(f"staff-{number}" for number in range(8, 13)), department="child-allowance"),
        *members(TEAM, TEAM_2, department="privacy"),
    ]
    names = {one.id: one.name for one in await house.minaoshi.organisation.people()}
    for number, one in enumerate(added, start=1):
        one["name"] = names.get(one["member"], f"見本 職員{number}")
    await duties.enrol(training_id, as_json(added=added), as_=TEAM)
    finished = [DRAFTER, "staff-1", "staff-2", "staff-8", TEAM, TEAM_2]
    await duties.complete(training_id, as_json(members=finished, completed_on=today().isoformat()), as_=TEAM)
    await duties.excuse(training_id, as_json(members=["allowance-drafter"], reason="休職中"), as_=TEAM)
    return training_id


# --- 点検、監査、ログ分析


async def _audit(house: House, name: str) -> tuple[str, str, str]:
    """Have one audit reported with two findings, one of which is put right; others stand in the plan."""
    duties, one, inspection = house.minaoshi.duties, f"audit:{name}", f"inspection:{name}"
    opening = _of_department("自己点検", in_days(20), files=[FILE], questions=list(QUESTIONS))
    await duties.open(f"{inspection}-first", opening, as_=AUDITOR)
    answers = [{"question": each, "conforms": True, "state": "書面で確かめた。"} for each in QUESTIONS]
    await duties.hand_in(f"{inspection}-first", as_json(text="点検した。", paper={"answers": answers}), as_=MANAGER)
    await duties.confirm(f"{inspection}-first", as_=AUDITOR)
    await duties.open(one, _audited(today() - timedelta(days=30), in_days(60), plan=_plan()), as_=AUDITOR)
    await _hand_audit_in(house, one)
    await duties.open(inspection, opening, as_=AUDITOR)
    first, second = await duties.below(one, as_=AUDITOR)
    paper = {"answer": "指摘のとおりです。", "action": "管理簿を改めました。"}
    said = as_json(text="改めた。", evidence=EVIDENCE, paper=paper)
    await duties.hand_in(first.duty_id, said, as_=DRAFTER)
    await duties.confirm(first.duty_id, as_=AUDITOR)
    ahead = (
        ("late", today() - timedelta(days=500), today() - timedelta(days=300), "監査（前々年度）", None),
        ("ahead", today(), in_days(120), "監査（委託先）", "システム運用会社（見本）"),
        ("later", in_days(200), in_days(300), "監査（来年度）", "データ入力会社（見本）"),
    )
    for slug, begins_on, due_on, title, contractor in ahead:
        more = {"contractor": contractor} if contractor else {}
        await duties.open(f"{one}-{slug}", _audited(begins_on, due_on, title=title, **more), as_=AUDITOR)
    return one, inspection, second.duty_id


async def _hand_audit_in(house: House, one: str) -> None:
    findings = [
        {"item": QUESTIONS[0], "grade": "minor", "text": "管理簿が、昨年度から改められていない。"},
        {"item": QUESTIONS[1], "grade": "major", "text": "異動した者の権限が残っている。"},
    ]
    paper = {"findings": findings, "conclusion": "二つの是正を要する。"}
    said = as_json(text="監査した。", evidence=EVIDENCE, paper=paper)
    await house.minaoshi.duties.hand_in(one, said, as_=AUDITOR)


def _plan() -> dict[str, Any]:
    return {"audited_on": today().isoformat(), "auditors": [AUDITOR], "scope": "管理簿と権限", "method": "実地と書面"}


def _audited(begins_on: date, due_on: date, *, title: str = "監査（本年度）", **content: Any) -> bytes:
    return _of_department(title, due_on, begins_on=begins_on, file=FILE, checklist=list(QUESTIONS), **content)


def _of_department(title: str, due_on: date, *, begins_on: date | None = None, **content: Any) -> bytes:
    said: dict[str, Any] = {"department": DEPARTMENT, "title": title, "due_on": due_on.isoformat(), "content": content}
    return as_json(**said, **({"begins_on": begins_on.isoformat()} if begins_on else {}))


def _month(back: int) -> str:
    """Name the month that is so many before this one."""
    months = today().year * 12 + today().month - 1 - back
    return f"{months // 12}-{months % 12 + 1:02d}"


async def _logs(house: House, name: str) -> str:
    """Open three months of a system: one is confirmed, one waits with an anomaly, the last is still to be done."""
    duties, logs = house.minaoshi.duties, house.minaoshi.log_analyses
    numbers = [f"log_analysis:{name}.{_month(back)}" for back in (3, 2, 1)]
    for number in numbers:
        last = _days_of(number)[-1]
        content = {
            "department": DEPARTMENT,
            "title": f"{SYSTEM}のログ分析（{last:%Y年%-m月}分）",
            "begins_on": last.isoformat(),
            "due_on": (last + timedelta(days=14)).isoformat(),
            "repeats": "month",
            "content": {"system": SYSTEM},
        }
        await duties.open(number, as_json(**content), as_=AUDITOR)
    for number, anomaly in zip(numbers[:2], ("", "深夜に、通常の10倍の閲覧"), strict=True):
        rows = [f"{day},{40 + day.day},{anomaly if day.day == 7 else ''}" for day in _days_of(number)]
        summary = "\n".join(("日付,件数,異常", *rows)).encode("cp932")
        paper = {"method": "全件の機械的な抽出", "conclusion": "深夜の閲覧を調べる。" if anomaly else "異常はない。"}
        said = as_json(text="分析した。", evidence=EVIDENCE, paper=paper)
        await logs.submit(number, said, summary=summary, as_=DRAFTER)
    await duties.confirm(numbers[0], as_=AUDITOR)
    return numbers[1]


def _days_of(number: str) -> list[date]:
    year, month = (int(part) for part in number.rpartition(".")[2].split("-"))
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
