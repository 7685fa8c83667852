"""リリース (releases): this tree, and copies of it as later releases might be, each with processes of its own."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from settings import PREFIX, Settings

TREE = Path(__file__).parents[2]
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*", "tests", "docs", "bench", "demo", "node_modules", "*.egg-info")

Edits = Sequence[tuple[str, str, str]]
"""直し: in which file which text is replaced by which."""

_IMPORT = "from schemas.base import ActId, Digest, Identifier, "
_GROUND = '    ground_id: ActId | None = Field(default=None, title="事由（空なら全て）")\n'
_CLOSED = '    closed_at: Instant | None = Field(default=None, title="終了日時")\n'
_MARKED = "return _acknowledged(review, person=act.actor.person, ground_id=act.ground_id)"

_FILLED = (
    f"{_MARKED.replace('return', 'marked =')}\n"
    "    return marked.model_copy(update={'remarks': (act.remark,)}) if act.remark else marked"
)

KNOWS: Edits = (
    ("schemas/acts.py", _IMPORT, f"from schemas.widening import added\n{_IMPORT}"),
    ("schemas/acts.py", _GROUND, f'{_GROUND}    remark: Line | None = added(title="申し送り")\n'),
    ("schemas/review.py", _IMPORT, f"from schemas.widening import added\n{_IMPORT}"),
    ("guideline/effects.py", _MARKED, _FILLED),
    ("schemas/review.py", _CLOSED, f'{_CLOSED}    remarks: tuple[Line, ...] = added((), title="申し送り")\n'),
)
"""欄を知る: a field in an act, and what follows from it in the state; nobody fills it."""

USES: Edits = (
    (
        "client/reviews.py",
        "_do(Acknowledgement, review_id, _Said(as_, act_id))",
        '_do(Acknowledgement, review_id, _Said(as_, act_id, \'{"remark": "後で見る。"}\'.encode()))',
    ),
)
"""欄を使う: one release later it is filled."""


@dataclass(frozen=True)
class Release:
    """リリース: its code, and what it is called."""

    build_id: str
    folder: Path
    settings: Settings

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            f"{PREFIX}HOME": str(self.settings.home),
            f"{PREFIX}TASK_QUEUE": self.settings.task_queue,
            f"{PREFIX}DEPLOYMENT": self.settings.deployment,
            f"{PREFIX}BUILD_ID": self.build_id,
            # Its terminal is that of the machine, where one may say who one is.
            f"{PREFIX}TEMPORAL_PORT": str(self.settings.temporal_port),
        }

    async def run(self, *arguments: str) -> tuple[int, str]:
        """Run a command of this release's terminal; give its status and what it said."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from cli.main import run; run()", *arguments),
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()

    async def does(self, *arguments: str) -> str:
        """Run a command that has to succeed."""
        status, said = await self.run(*arguments)
        assert status == 0, said
        return said

    async def tells(self, *arguments: str) -> Any:
        return json.loads(await self.does(*arguments, "--json"))


class Worker:
    """作業者: of one release, in a process of its own."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        release = self._release
        # A worker on an engine of its own would make itself current.
        environment = {**release.environment, "TEMPORAL_ADDRESS": release.settings.temporal_address}
        program = str(release.folder / "worker.py")
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, program, cwd=release.folder, env=environment
        )

    async def stop(self) -> int:
        """Stop it in order; give its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self._process.wait(), timeout=60)

    def kill(self) -> None:
        """Leave nothing behind where a test has failed."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()


def copied(folder: Path, *several: Edits) -> Path:
    """Copy the tree, edited; give the folder."""
    shutil.copytree(TREE, folder, ignore=_LEFT_OUT)
    for edits in several:
        for name, before, after in edits:
            path = folder / name
            text = path.read_text(encoding="utf-8")
            assert text.count(before) == 1, (name, before)
            path.write_text(text.replace(before, after), encoding="utf-8")
    return folder
