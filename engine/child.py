"""親と運命を共にする子 (A child that dies with its parent): turns into the program that it is told to run.

Run as a file, by the embedded server: `python -IS child.py PARENT_PID PROGRAM ARGUMENT…`. Standard library only, so
that it starts in a few milliseconds. Where there is no parent-death signal (macOS), an orphan is found by its pid file
instead.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        # SIGKILL: a server without a supervisor must be gone before the next start, and its database survives it.
        if libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))


def _become(parent: int, command: list[str]) -> None:
    _die_with_parent()
    # The parent may have died before the signal was asked for: then nobody would ever send it.
    if os.getppid() != parent:
        sys.exit("the parent is gone")
    # Python ignores SIGPIPE, and an ignored signal stays ignored across exec.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execv(command[0], command)  # noqa: S606 # the path comes from engine.server, never from outside


if __name__ == "__main__":
    _become(int(sys.argv[1]), sys.argv[2:])
