"""The one exception a person is meant to read: a sentence saying what is wrong and what to do about it."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable


class Problem(Exception):
    """Something that a person has to put right; the text says what to do."""


def run_reporting(main: Callable[[], None]) -> int:
    """Runs a command line and returns its exit status, turning what a person can put right into one sentence."""
    try:
        main()
    except Problem as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(f"error: {disk_full(str(error.filename or 'the output folder'))}", file=sys.stderr)
        return 1
    return 0


def disk_full(place: str) -> str:
    """Says that the disk is full. Models, library and downloads take about 450 MB while they are made."""
    return (
        f"The disk is full while writing {place}. Free about 500 MB, or name folders on another disk with "
        "--out and --work, and run the command again; what is finished is kept."
    )
