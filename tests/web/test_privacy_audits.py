"""監査とログ分析の頁: the plan over the years, one audit from plan to findings, a log analysis and its event."""

from __future__ import annotations

from typing import Any

from tests.house import AUDITOR, DRAFTER, MANAGER, House
from tests.web.office import office, signed_in
from tests.web.test_duties import PAPER
from tests.web.test_reports import STRANGE
from tests.workflows.audit_samples import ITEM, PLAN, inspected, open_audit
from tests.workflows.test_audits import programme
from tests.workflows.test_log_analyses import CSV, systems

__all__ = ["office"]


async def test_the_plan_over_the_years_is_a_picture_and_a_table(office: House) -> None:
    await office.minaoshi.privacy_audits.apply(programme(office), as_=AUDITOR)
    async with signed_in(office, AUDITOR) as auditor:
        assert 'href="/duties/audit-plan"' in await auditor.open("/duties")
        page = await auditor.open("/duties/audit-plan")
        assert page.count("aria-current") == 1
        assert 'href="/duties/audit-plan" aria-current="page"' in page
        assert 'href="/duties" aria-current="page"' in await auditor.open("/duties?kind=audit")
        assert all(words in page for words in ("2023年度", "！ 期限を過ぎている", "○ 予定", "委託先 運用会社"))
        picture = await auditor.open("/duties/audit-plan.svg")
        assert all(words in picture for words in ("<title", "<desc", "2023年度", 'role="img"'))


async def test_an_audit_is_planned_and_reported_question_by_question(office: House) -> None:
    await inspected(office)
    one = await open_audit(office, planned=False)
    async with signed_in(office, AUDITOR) as auditor, signed_in(office, MANAGER) as manager:
        assert f"{one.replace(':', '%3A')}/plan" not in await manager.open(f"/duties/{one}")
        typed: dict[str, Any] = {
            "audited_on": PLAN["audited_on"],
            "auditors": MANAGER,
            "scope": STRANGE,
            "method": "実地",
        }
        page = await auditor.send(f"/duties/{one}/plan", status=409, **typed)
        assert "<script>alert" not in page
        page = await auditor.send(f"/duties/{one}/plan", **{**typed, "auditors": AUDITOR})
        assert "実施計画" in page
        act = f"/duties/{one}/acts/hand-in"
        form = await auditor.open(act)
        assert f"{ITEM}: 程度" in form
        found: dict[str, Any] = {
            "paper.findings.0.grade": "major",
            "paper.findings.0.text": STRANGE,
            "paper.conclusion": "是正を要する。",
        }
        page = await auditor.send(act, page=form, files=PAPER, text="監査した。", **found)
        assert all(words in page for words in ("指摘とその後", "重大な指摘", "実施中"))
        assert "<script>alert" not in page
        await auditor.open(f"/duties/{one}/report?form=odt", status=422)


async def test_a_log_analysis_is_reported_by_csv_and_its_anomaly_becomes_an_event(office: House) -> None:
    one = (await office.minaoshi.log_analyses.apply(systems(office), as_=AUDITOR)).opened[0]
    act = f"/duties/{one}/acts/hand-in"
    said: dict[str, Any] = {"text": "分析した。", "paper.method": "抽出", "paper.conclusion": "調べる。"}
    async with signed_in(office, DRAFTER) as owner:
        files = [*PAPER, ("summary_file", ("集計.csv", CSV.replace("40,\n", "多数,\n").encode(), "text/csv"))]
        assert "0以上の整数ではありません" in await owner.send(act, status=422, files=files, **said)
        files = [*PAPER, ("summary_file", ("集計.csv", CSV.encode("cp932"), "text/csv"))]
        page = await owner.send(act, files=files, **said)
        assert all(words in page for words in ("1,200", "深夜の閲覧", "リスク事案として報告する"))
        assert "深夜の閲覧" in await owner.open(f"/duties/{one}/anomalies/1")
        page = await owner.send(f"/duties/{one}/anomalies/1")
        assert "この異常を見つけたログ分析" in page
        assert "リスク事案として報告する" not in await owner.open(f"/duties/{one}")
        await owner.send(f"/duties/{one}/anomalies/7", status=404)
        page = await owner.open(f"/duties/{one}/months")
        assert all(words in page for words in ("1,200", "2023年11月分"))
        assert "▲1" in await owner.open(f"/duties/{one}/volume.svg")
        assert "口座登録システム" in await owner.open("/duties/audit-plan")
