"""A process that puts limits on itself and then becomes another program, which can only lower them.

Arguments: seconds of computing, bytes of memory, the program, its own arguments. Standard library alone: it is run
without the site's packages, and limits set between fork and exec would not be safe in a server with threads.
"""

from __future__ import annotations

import os
import resource
import sys

_NICE = 10
_OPEN_FILES = 64


def main() -> None:
    """Never returns: the program takes this process over."""
    cpu_s, memory_bytes, program, *arguments = sys.argv[1:]
    for what, most in (
        (resource.RLIMIT_CPU, int(cpu_s)),
        (resource.RLIMIT_AS, int(memory_bytes)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(_NICE)
    os.execv(program, (program, *arguments))  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main()
