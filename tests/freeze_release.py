"""リリースの凍結 (freezing): what a release has recorded and published, kept as it is for every release after it.

    python -m tests.freeze_release 0.2.0

Its histories replay on the code of each later release, and no message becomes narrower than it was.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from schemas.publish import FOLDER as PUBLISHED
from tests.schemas.test_widening import RELEASED
from tests.workflows.record_histories import HISTORIES

_RELEASE = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def freeze(release: str, *, histories: Path = HISTORIES, schemas: Path = RELEASED) -> tuple[Path, Path]:
    """Copy the present histories and schemas; give the folders. Raises ValueError for no release, or a frozen one."""
    if not _RELEASE.fullmatch(release):
        raise ValueError(f"{release!r} is no release: 0.2.0, for instance")
    folders = histories / release, schemas / release
    if any(folder.exists() for folder in folders):
        raise ValueError(f"{release} is frozen already: what was released is not changed")
    for folder, source, files in zip(folders, (HISTORIES, PUBLISHED), ("*.json", "*.schema.json"), strict=True):
        folder.mkdir(parents=True)
        for file in sorted(source.glob(files)):
            shutil.copyfile(file, folder / file.name)
    return folders


if __name__ == "__main__":
    try:
        freeze(*sys.argv[1:])
    except (TypeError, ValueError) as error:
        sys.exit(f"python -m tests.freeze_release RELEASE: {error}")
