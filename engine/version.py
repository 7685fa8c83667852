"""版 (Version): which version of this program is installed; a worker's build id, where no other is set."""

from importlib.metadata import version


def installed_version() -> str:
    return version("minaoshi")
