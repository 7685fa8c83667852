"""第六話: the programme of the improvement report, an audit to its end, a month of logs, and a missing month."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from client.log_summaries import summary_from
from demo.audit_story import ASSESSMENT, AUDIT, AuditStory
from demo.city_stage import CityStage
from demo.log_scenes import DECEMBER, NOVEMBER
from demo.telling import Telling, file_of
from guideline.audit_plan import Standing
from schemas.audit_papers import AuditProgramme
from schemas.duties import DutyStatus
from settings import Settings

AUDITOR = "auditor"
ACCOUNTS = "公的給付支給等口座登録簿"


@pytest.mark.whole
async def test_the_sixth_story_says_what_the_engine_holds(settings: Settings, tmp_path: Path) -> None:
    spoken = StringIO()
    async with CityStage(settings) as stage:
        told = Telling(stage.minaoshi, stage.register, Console(file=spoken, width=1000))
        await AuditStory(told, stage).tell(exported_to=tmp_path)
        duties = stage.minaoshi.duties
        audit = (await duties.show(AUDIT, as_=AUDITOR)).state
        below = await duties.below(AUDIT, as_=AUDITOR)
        plan = await stage.minaoshi.privacy_audits.plan(as_=AUDITOR)
        (review,) = await stage.minaoshi.reviews.list()
        months = await stage.minaoshi.log_analyses.months(NOVEMBER, as_=AUDITOR)
        (anomaly,) = await stage.minaoshi.log_analyses.anomalies(NOVEMBER, as_=AUDITOR)
        december = (await duties.show(DECEMBER, as_=AUDITOR)).state
        assert (await stage.minaoshi.verify_audit()).ok
    assert audit.status is DutyStatus.CLOSED
    assert [one.status for one in below] == [DutyStatus.CLOSED] * 2
    own, others = ([row for row in plan.rows if bool(row.contractor) is given] for given in (False, True))
    assert [sum(bool(row.in_year(year)) for row in own) for year in (2023, 2024)] == [5, 11]
    assert [sum(bool(row.in_year(2023)) for row in others)] == [2]
    (accounts,) = [row for row in own if row.file == ACCOUNTS]
    assert [run.standing for run in accounts.runs[:2]] == [Standing.CLOSED, Standing.LATE]
    assert review.assessment_id == ASSESSMENT
    # The anomaly is of the system of the same assessment: its event joins the review that the finding opened.
    assert [ground.title for ground in review.state.grounds] == [
        "監査の重大な指摘: 評価書に記載したリスク対策が、記載のとおり行われているか",
        "ログ分析で見つかった異常: 口座情報登録システム",
    ]
    assert anomaly.event is not None
    assert [one.late for one in months] == [False, True]
    assert december.due_on == date(2024, 1, 18)
    for words in (
        "始めた: 自己点検 3部署、監査 13件",
        "職員「desk」は、監査を受ける部署「account-registration」の者です。",
        "自己点検は「実施中」です",
        "見直し digital-agency-1/1 が開いた。",
        "この義務の下の2件が終わっていません",
        "10行目: 件数「多数」は0以上の整数ではありません。",
        "上位者への報告 → director-general、manager",
    ):
        assert words in spoken.getvalue()
    report = json.loads((tmp_path / "audit-report.json").read_text(encoding="utf-8"))
    assert report["label"] == "完了"
    assert (tmp_path / "audit-report.xlsx").read_bytes().startswith(b"PK")
    assert "●" in (tmp_path / "audit-plan.svg").read_text(encoding="utf-8")
    assert "期限超過" in (tmp_path / "log-volume.svg").read_text(encoding="utf-8")


def test_the_programme_is_that_of_the_published_paper() -> None:
    programme = AuditProgramme.model_validate_json(file_of("duties/programme.json"))
    files = [one for one in programme.audits if one.contractor is None]
    ends = [one.due_on for one in files]
    assert (len({one.file for one in files}), ends.count(date(2024, 3, 31)), ends.count(date(2024, 9, 30))) == (
        11,
        5,
        6,
    )
    assert {one.due_on for one in programme.audits if one.contractor} == {date(2024, 3, 31)}
    assert programme.inspection_due_on == date(2023, 10, 30)
    assert all(one.repeats is not None for one in programme.audits)
    assert [one.file for one in files if "見本" not in one.file] == [ACCOUNTS]


def test_the_month_of_logs_is_whole() -> None:
    summary = summary_from(file_of("duties/log-2023-11.csv").decode().encode("cp932"))
    assert summary.encoding == "Shift_JIS（CP932）"
    assert (summary.paper["first_on"], summary.paper["last_on"]) == ("2023-11-01", "2023-11-30")
    assert len(summary.paper["anomalies"]) == 1
