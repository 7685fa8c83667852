"""見本の上演 (demo): the whole main job on the real server and a real register, told from what they say."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING

from client.minaoshi import Minaoshi
from demo.errors import NotADemoHomeError
from demo.stage import Stage
from demo.story import Story
from demo.telling import Telling
from engine.connection import connect_embedded
from register.register import open_register

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from settings import Settings

MARK = "demo"
"""見本の印: a file of this name tells that a home holds nothing but a demo's state."""


async def run_demo(settings: Settings, console: Console) -> None:
    """Tell the story from the beginning, and leave their state in the home folder.

    An earlier demo's state is moved aside. Raises NotADemoHomeError when the folder holds a register of anybody else.
    """
    _clear(settings.home)
    async with Stage(settings) as stage:
        register = await open_register(settings.register_url)
        minaoshi = Minaoshi(register, partial(connect_embedded, settings), task_queue=settings.task_queue)
        told = Telling(minaoshi, register, console)
        story = Story(told, stage, await connect_embedded(settings))
        await story.tell(exported_to=settings.home / "digital-agency-1-public.html")
        await register.close()
    console.print(f"\n状態は {settings.home} に残っています。`minaoshi up` で続きを見られます。", soft_wrap=True)


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
