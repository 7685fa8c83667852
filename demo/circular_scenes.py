"""事務連絡の場面 (scenes of circulars): one to 1,741 municipalities, whom it reaches, a question, and said again."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING

from demo.errors import StoryError
from demo.telling import as_json
from guideline.deadlines import tokyo_date
from guideline.prefectures import PREFECTURES
from schemas.forms.wording import japanese_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from client.circular_views import Coverage
    from demo.city_stage import CityStage
    from demo.post_office import PostOffice
    from demo.telling import Telling

MUNICIPALITIES = 1741
"""市区町村の数."""

MOVED = "city-0003@example.jp"
"""届かない宛先: the mail server of the story knows nobody there."""

FIRST, AGAIN = "circular:logout-2023-05", "circular:logout-2023-11"
TEAM, TEAM_2, CHIEF = "team-lead", "team-member", "chief"

_TITLE = "支援窓口の利用者へのログアウトの徹底について"
_AGAIN_ON = date(2023, 11, 2)
_ANSWER_WITHIN = timedelta(days=30)
_FEW = 5
_PATIENCE_S = 180.0
_PAUSE_S = 0.25


def address_of(number: int) -> str:
    """Give the address of a municipality of the story."""
    return f"city-{number:04d}@example.jp"


def municipalities(number: int) -> list[tuple[str, str, str, str]]:
    """Give so many municipalities in turn over the prefectures: number, name, prefecture, address. All are samples."""
    found = []
    for one in range(number):
        prefecture = PREFECTURES[f"{one % len(PREFECTURES) + 1:02d}"]
        name = f"{prefecture.name}見本{one // len(PREFECTURES) + 1}市"
        found.append((f"{prefecture.code}{one // len(PREFECTURES) + 101:04d}", name, prefecture.name, address_of(one)))
    return found


class CircularScenes:
    """事務連絡の場面: `number` is how many municipalities there are."""

    def __init__(self, told: Telling, stage: CityStage, post: PostOffice, *, number: int) -> None:
        self._told = told
        self._minaoshi = told.minaoshi
        self._circulars = told.minaoshi.circulars
        self._stage = stage
        self._post = post
        self._bodies = municipalities(number)

    async def tell(self, *, pace: float, to: Path) -> None:
        """Tell it all; raises StoryError where the engine did not do what the story says."""
        await self._send(pace)
        await self._acknowledge()
        await self._by_hand()
        await self._question()
        await self._again()
        await self._pictures(to)

    async def _send(self, pace: float) -> None:
        self._told.scene("令和5年5月23日: 市区町村向けに事務連絡を発出する")
        await self._open(FIRST, dated_on="2023-05-23", text="支援窓口の利用者に、ログアウトを徹底するよう要請する。")
        rows = ("団体コード,団体名,都道府県,電子メールアドレス", *(",".join(one) for one in self._bodies))
        imported = await self._circulars.import_recipients(FIRST, "\r\n".join(rows).encode("cp932"), as_=TEAM)
        self._told.say(f"宛先の表を取り込んだ: {imported.number:,}団体（{imported.encoding} と判断した）。")
        self._told.say("団体の名称、都道府県ごとの数、アドレスは見本である。")
        self._told.say(f"速さは MINAOSHI_CIRCULAR_PACE で決まる。ふだんは一秒に10通、この物語では{pace:,.0f}通まで。")
        await self._circulars.send(FIRST, as_=TEAM)
        await self._sent(FIRST)

    async def _open(self, circular: str, *, dated_on: str, **content: str) -> None:
        due_on = tokyo_date(self._stage.now()) + _ANSWER_WITHIN
        opening = as_json(
            department="privacy",
            title=_TITLE,
            due_on=due_on.isoformat(),
            content={"number": "事務連絡（見本）", "dated_on": dated_on, **content},
        )
        paper = ("事務連絡（見本）.txt", f"{_TITLE}\n{content['text']}\n".encode())
        await self._circulars.open(circular, opening, as_=TEAM, file=paper)
        self._told.say(f"受領の確認の期限 {due_on} は見本である（資料に期限はないため、本日から数えた）。")

    async def _sent(self, circular: str) -> None:
        """Wait until each letter has been tried, and say what became of them."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                whole = (await self._circulars.coverage(circular, as_=TEAM)).whole
                if whole.delivered + whole.failed == whole.total:
                    break
                await asyncio.sleep(_PAUSE_S)
        self._told.say(f"発出した: {whole.total:,}団体のうち、届いた {whole.delivered:,}、届かない {whole.failed}")
        for one in await self._circulars.unreached(circular, as_=TEAM):
            self._told.say(f"  {one.row.name}: {one.letter.failure if one.letter else ''}")
        if whole.delivered != len(self._bodies) - 1:
            raise StoryError("a letter of the circular was lost, or went out twice")

    async def _acknowledge(self) -> None:
        self._told.scene("受領の確認: 手紙にある、その団体だけのリンクから")
        of_tokyo, of_fukushima, of_hokkaido = (self._of(name) for name in ("東京都", "福島県", "北海道"))
        chosen = [*of_tokyo, *of_fukushima[: len(of_fukushima) * 2 // 3], *of_hokkaido[:1]]
        for member, _, _, address in chosen:
            token = self._post.token_for(address, words=_TITLE)
            await self._minaoshi.acknowledging.acknowledge(token, member=member)
        self._told.say(f"リンクから {len(chosen)}団体が確認した。")
        used = self._post.token_for(chosen[0][3], words=_TITLE)
        await self._told.refused(self._minaoshi.acknowledging.acknowledge(used, member=chosen[0][0]))
        await self._told.refused(self._minaoshi.acknowledging.acknowledge(used, member=chosen[-1][0]))

    def _of(self, prefecture: str) -> list[tuple[str, str, str, str]]:
        return [one for one in self._bodies if one[2] == prefecture]

    async def _by_hand(self) -> None:
        (unreached,) = await self._circulars.unreached(FIRST, as_=TEAM)
        today = tokyo_date(self._stage.now()).isoformat()
        receipt = await self._minaoshi.duties.complete(
            FIRST, as_json(members=[unreached.row.member], completed_on=today), as_=TEAM
        )
        self._told.say(f"手紙の届かない{unreached.row.name}には電話で伝え、受領を手で記録した。")
        if receipt.roll is not None:
            self._told.say(f"受領の確認: {receipt.roll.completed:,}団体、未確認 {receipt.roll.open:,}団体")
        state = (await self._minaoshi.duties.show(FIRST, as_=TEAM)).state
        at = tokyo_date(state.alarms[0].at)
        self._told.say(f"未確認の団体には、期限の前の {at} に、改めて自動で送られる。")

    async def _question(self) -> None:
        self._told.scene("照会が返ってくる: 回答という仕事になる（見本）")
        member, name, _, address = self._bodies[1]
        asked = as_json(member=member, question="続けて次の方の手続をするときも、その都度ログアウトが必要か。")
        receipt = await self._circulars.ask(FIRST, asked, as_=TEAM)
        (task,) = [one for one in (await self._minaoshi.inboxes.of(TEAM_2)).duties if one.duty_id == receipt.duty_id]
        self._told.say(f"受信箱 {TEAM_2}: {task.what} {task.title}、期限 {task.due_on}")
        answer = as_json(text="回答案を作った。", paper={"answer": "必要である。お一人ごとにログアウトを確かめる。"})
        await self._minaoshi.duties.hand_in(receipt.duty_id, answer, as_=TEAM_2)
        await self._told.refused(self._minaoshi.duties.confirm(receipt.duty_id, as_=TEAM_2))
        await self._minaoshi.duties.confirm(receipt.duty_id, as_=TEAM)
        letter = await self._post.letter_to(address, words="回答:")
        self._told.say(f"別の者が確認すると、{name}に回答が届いた: {letter['Subject']}")

    async def _again(self) -> None:
        self._told.scene("令和5年11月2日: 改めて事務連絡を発出する（宛先を引き継ぎ、到達は別に数える）")
        text = "本人のログアウトの徹底に加え、窓口支援員においてもログアウト確認を徹底するよう要請する。"
        await self._open(AGAIN, dated_on=_AGAIN_ON.isoformat(), text=text, repeats=FIRST)
        await self._circulars.take_recipients(AGAIN, earlier=FIRST, as_=TEAM)
        await self._circulars.send(AGAIN, as_=TEAM)
        await self._sent(AGAIN)
        receipt = await self._minaoshi.duties.cancel(
            FIRST, as_json(reason=f"{japanese_day(_AGAIN_ON)}の事務連絡に替えた（見本）。"), as_=CHIEF
        )
        self._told.say(f"初めの事務連絡は「{receipt.status.label}」とした（見本）。督促は新しいほうだけに続く。")

    async def _pictures(self, to: Path) -> None:
        self._told.scene("到達状況: 初めの事務連絡を、都道府県ごとに")
        coverage = await self._circulars.coverage(FIRST, as_=TEAM)
        for words, names in _by_band(coverage):
            self._told.say(f"{words}: {names}")
        svg = await self._circulars.coverage_svg(FIRST, as_=TEAM)
        csv = await self._circulars.coverage_csv(FIRST, as_=TEAM)
        await self._told.write(to / "circular-coverage.svg", svg.encode())
        await self._told.write(to / "circular-coverage.csv", csv.encode())


def _by_band(coverage: Coverage) -> Iterable[tuple[str, str]]:
    bands = {"all": "全て確認した", "most": "半数以上", "some": "一部", "zero": "まだ一団体も確認していない"}
    for band, words in bands.items():
        names = [one.name for one in coverage.prefectures if one.band == band]
        few = len(names) <= _FEW
        yield words, "、".join(names) if few else f"{len(names)}都道府県"
