"""対応策の頁: the list, the page of one, and its acts from the first progress to the confirmation by another."""

from __future__ import annotations

import html
from datetime import timedelta

from tests.house import DRAFTER, MANAGER, TEAM, House, today
from tests.web.as_shown import as_shown
from tests.web.office import office, signed_in
from tests.web.test_reports import STRANGE
from tests.workflows.planning import planned

__all__ = ["office"]

PAPER = [("evidence_files", ("写真.png", b"png", "image/png"))]


async def test_a_countermeasure_goes_from_progress_to_confirmation(office: House) -> None:
    one = await planned(office)
    address = f"/countermeasures/{one}"
    async with signed_in(office, DRAFTER) as owner, signed_in(office, TEAM) as team:
        page = await owner.open("/countermeasures?owner=me")
        assert f'href="{address}"' in page
        assert "公的給付支給等口座登録簿" in page
        assert f'href="{address}"' not in await team.open("/countermeasures?owner=me&scope=all")
        assert f'href="{address}"' in await team.open(f"/countermeasures?assessment={office.assessment_id}")
        assert "当てはまる対応策はありません" in await team.open("/countermeasures?assessment=none&scope=strange")
        page = await owner.open(address)
        assert [slug for slug in SLUGS if f"{address}/acts/{slug}" in page] == ["progress", "done"]
        page = await owner.send(f"{address}/acts/progress", text=STRANGE)
        assert html.escape(STRANGE) in page
        assert "<script>alert" not in page
        of_progress = await owner.open(f"{address}/acts/progress")
        page = await owner.send(f"{address}/acts/done", status=422, text="替えた。")
        assert "替えた。" in page
        form = page
        for _ in range(2):
            page = await owner.send(f"{address}/acts/done", files=PAPER, page=form, text="替えた。")
        assert "確認を待っています" in page
        assert "写真.png" in page
        assert "対策チームが行ってください" in await owner.open(f"{address}/acts/confirm", status=409)
        refused = await owner.send(f"{address}/acts/confirm", status=409, page=of_progress, note="よい。")
        assert "対策チームが行ってください" in refused
        page = await team.send(f"{address}/acts/reject", reason="写真が足りない。")
        assert "写真が足りない。" in page
        later = (today() + timedelta(days=90)).isoformat()
        page = await team.send(f"{address}/acts/postpone", due_on=later, reason="部品を待つ。")
        assert "新しい期限" in page
        await owner.send(f"{address}/acts/done", files=PAPER, text="全て替えた。")
        page = await team.send(f"{address}/acts/confirm", note="確かめた。")
        assert "完了しました。" in page
        assert not [slug for slug in SLUGS if f"{address}/acts/{slug}" in page]


SLUGS = ("progress", "done", "confirm", "reject", "postpone")


async def test_what_is_unknown_has_no_page(office: House) -> None:
    one = await planned(office, title="別の変更")
    async with signed_in(office, MANAGER) as manager:
        assert "台帳にありません" in await manager.open("/countermeasures/none/1/1", status=404)
        await manager.open(f"/countermeasures/{one}/acts/nothing", status=404)
        page = await manager.send(
            f"/countermeasures/{one}/acts/done", status=422, text="替えた。", evidence_lines="紙だけ"
        )
        assert as_shown(page)["evidence_lines"] == ["紙だけ"]
        assert 'id="f-evidence_lines-wrong"' in page
