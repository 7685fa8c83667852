"""版 (Version): which version of this program is installed; a worker reports it to the server as its build id."""

from importlib.metadata import version


def installed_version() -> str:
    return version("minaoshi")
