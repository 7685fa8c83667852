"""周知の物語 (story of what others are told): a circular to all municipalities, a rule for all staff, a training.

The acts are recorded on the day of the telling, with the days of then. What the improvement report does not tell (who,
how many answered, until when) is a sample, and the output says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.circular_scenes import MUNICIPALITIES, CircularScenes
from demo.rule_scenes import RuleScenes
from demo.telling import file_of
from demo.training_scenes import TrainingScenes

if TYPE_CHECKING:
    from pathlib import Path

    from demo.city_stage import CityStage
    from demo.post_office import PostOffice
    from demo.telling import Telling

PACE = 1000.0
"""一秒に送る数: at the usual ten a second the two circulars would take six minutes."""


class OutreachStory:
    """周知の物語: `number` is how many municipalities there are."""

    def __init__(self, told: Telling, stage: CityStage, post: PostOffice, *, number: int = MUNICIPALITIES) -> None:
        self._told = told
        self._stage = stage
        self._circular = CircularScenes(told, stage, post, number=number)
        self._rule = RuleScenes(told, stage)
        self._training = TrainingScenes(told, stage, post)

    async def tell(self, *, exported_to: Path) -> None:
        """Tell it all; raises StoryError where the engine did not do what the story says."""
        self._told.title("第五話 事務連絡・規程の周知・研修: だれに伝わり、だれがまだか（令和5年の改善策 2・3・4）")
        await self._told.minaoshi.organisation.apply(file_of("organisation.toml"))
        self._told.say("記録は本日、日付は公表資料のもの。手紙は、この機械の中の見本の郵便局（SMTP）に届く。")
        await self._circular.tell(pace=PACE, to=exported_to)
        await self._rule.tell()
        async with self._stage.giving_out():
            await self._training.tell(to=exported_to)
        await self._told.say_audit()
