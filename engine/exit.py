"""終了 (Exit): the one place that ends a process for certain."""

import atexit
import contextlib
import os
import sys
from typing import NoReturn


def end_process(code: int) -> NoReturn:
    """Run what was registered for the exit, flush, and end with `code`.

    A process that used the Temporal SDK aborts now and then while the interpreter is torn down, which would be a wrong
    exit status. So the interpreter is not torn down. A stream that can't be written (a full disk) turns 0 into 1; a
    reader that has gone away (`| head`) is nobody's failure.
    """
    # Not public, but the only way to run them (coverage data, log handlers) before os._exit.
    atexit._run_exitfuncs()  # noqa: SLF001 # as said above
    for stream in (sys.stdout, sys.stderr):
        try:
            # ValueError: the stream is closed already.
            with contextlib.suppress(BrokenPipeError, ValueError):
                stream.flush()
        except OSError:
            code = code or 1
    os._exit(code)
