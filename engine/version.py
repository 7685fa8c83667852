"""版 (Version): which version of this program, and of the embedded server, is installed.

A worker reports the first as its build id, where no other is set.
"""

import re
import subprocess
from importlib.metadata import version

from engine.server import find_executable

_SERVER = re.compile(r"Server (\d+(?:\.\d+)*)")


def installed_version() -> str:
    return version("minaoshi")


def server_version() -> str:
    """Give the version of the embedded server, as its program says it. Raises ServerMissingError."""
    said = subprocess.run(  # noqa: S603 # the server's own program
        [find_executable(), "--version"], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout
    found = _SERVER.search(said)
    return found[1] if found else said.strip()


def is_newer(theirs: str, *, than: str) -> bool:
    """Say whether one version comes after another; what is no number in them is not looked at."""
    return _numbers(theirs) > _numbers(than)


def _numbers(said: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", said))
