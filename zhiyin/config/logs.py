"""How the children write their logs: one JSON object a line on standard error, which the supervisor keeps in files.

Tracebacks carry no values of variables: numbers and names stand in them.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress

import structlog


class UnfailingLogger(structlog.PrintLogger):
    """Loses a line rather than raising: on a full disk, saying so must not end what it is said of."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def configure_logs() -> None:
    """Set it up for this process; repeatable."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_given: UnfailingLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
