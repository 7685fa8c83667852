"""見本の上演 (demo): the main job on real servers and real registers, told in six stories from what they say."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING

from client.minaoshi import Minaoshi
from demo.account_story import AccountStory
from demo.audit_story import AuditStory
from demo.circular_scenes import MOVED
from demo.city_stage import CityStage
from demo.city_story import CityStory
from demo.errors import NotADemoHomeError
from demo.guidance_story import GuidanceStory
from demo.outreach_story import PACE, OutreachStory
from demo.post_office import PostOffice
from demo.stage import Stage
from demo.story import Story
from demo.telling import Telling
from engine.connection import connect_embedded
from engine.signing import Signatures
from register.register import open_register

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from settings import Settings

MARK = "demo"
"""見本の印: a file of this name tells that a home holds nothing but a demo's state."""

CITY = "city"
"""市: the folder in the home where the second story keeps its register."""

ACCOUNTS = "accounts"
"""誤登録: the folder in the home where the third story keeps its register."""

GUIDANCE, REPORT = "guidance", "improvement-report.xlsx"
"""指導: the folder in the home where the fourth story keeps its register, and the report in it."""

OUTREACH, AUDITS = "outreach", "audits"
"""周知、監査: the folders in the home where the fifth and the sixth story keep their registers, and what they write."""


async def run_demo(settings: Settings, console: Console) -> None:
    """Tell the stories from the beginning, and leave their state in the home folder.

    An earlier demo's state is moved aside. Raises NotADemoHomeError when the folder holds a register of anybody else,
    or the settings name the database of one: nothing of a story could be taken out of it again.
    """
    if settings.database_url is not None:
        raise NotADemoHomeError(
            "台帳のデータベースが設定されています。見本は、その台帳に書き込みません。",
            where="MINAOSHI_DATABASE_URL",
            remedy="環境変数 MINAOSHI_DATABASE_URL と MINAOSHI_DATABASE_URL_FILE を外して、もう一度上演してください。",
        )
    _clear(settings.home)
    async with Stage(settings) as stage:
        register = await open_register(settings.register_url)
        minaoshi = Minaoshi(
            register,
            partial(connect_embedded, settings),
            task_queue=settings.task_queue,
            signatures=Signatures(settings),
        )
        told = Telling(minaoshi, register, console)
        story = Story(told, stage, await connect_embedded(settings))
        await story.tell(exported_to=settings.home / "digital-agency-1-public.html")
        await register.close()
    of_the_city = settings.model_copy(update={"home": settings.home / CITY})
    async with CityStage(of_the_city) as city:
        await CityStory(Telling(city.minaoshi, city.register, console), city).tell()
    of_the_accounts = settings.model_copy(update={"home": settings.home / ACCOUNTS})
    async with CityStage(of_the_accounts) as stands_still:
        told = Telling(stands_still.minaoshi, stands_still.register, console)
        await AccountStory(told, stands_still.register).tell()
    of_the_guidance = settings.model_copy(update={"home": settings.home / GUIDANCE})
    async with CityStage(of_the_guidance) as stage_of_guidance:
        told = Telling(stage_of_guidance.minaoshi, stage_of_guidance.register, console)
        await GuidanceStory(told).tell(exported_to=of_the_guidance.home / REPORT)
    of_the_outreach = settings.model_copy(update={"home": settings.home / OUTREACH})
    await _outreach(of_the_outreach, console)
    of_the_audits = settings.model_copy(update={"home": settings.home / AUDITS})
    async with CityStage(of_the_audits) as stage_of_audits:
        told = Telling(stage_of_audits.minaoshi, stage_of_audits.register, console)
        await AuditStory(told, stage_of_audits).tell(exported_to=of_the_audits.home)
    console.print(
        f"\n状態は {settings.home} に残っています。`minaoshi up` で第一話の続きを見られます。", soft_wrap=True
    )
    console.print(f"第二話の台帳は {of_the_city.home} にあります（日時は進めた時計による）。", soft_wrap=True)
    console.print(f"第三話の台帳は {of_the_accounts.home} にあります（日付は実際のもの）。", soft_wrap=True)
    console.print(f"第四話の台帳と報告書は {of_the_guidance.home} にあります。", soft_wrap=True)
    console.print(f"第五話の台帳、図と表は {of_the_outreach.home} にあります。", soft_wrap=True)
    console.print(f"第六話の台帳、図と報告書は {of_the_audits.home} にあります。", soft_wrap=True)


async def _outreach(settings: Settings, console: Console) -> None:
    """Tell the fifth story: its letters go to a mail server of its own."""
    async with PostOffice(moved={MOVED}) as post:
        by_mail = {"smtp_url": post.url, "mail_from": "minaoshi@example.jp", "circular_pace": PACE}
        async with CityStage(settings.model_copy(update=by_mail)) as stage:
            told = Telling(stage.minaoshi, stage.register, console)
            await OutreachStory(told, stage, post).tell(exported_to=settings.home)


def _clear(home: Path) -> None:
    if not home.exists() or not any(home.iterdir()):
        home.mkdir(parents=True, exist_ok=True)
    elif not (home / MARK).exists():
        raise NotADemoHomeError(
            f"{home} には見本のものでない台帳があります。見本で上書きすることはできません。",
            where="MINAOSHI_HOME",
            remedy="環境変数 MINAOSHI_HOME に別のフォルダーを指定してください。",
        )
    else:
        _move_aside(home)
    (home / MARK).touch()


def _move_aside(home: Path) -> None:
    earlier = home / "earlier"
    place = earlier / str(sum(1 for _ in earlier.iterdir()) + 1 if earlier.exists() else 1)
    place.mkdir(parents=True)
    for entry in list(home.iterdir()):
        if entry != earlier and entry.suffix != ".lock":
            shutil.move(entry, place / entry.name)
