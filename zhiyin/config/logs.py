"""How the children write their logs: one JSON object a line on standard error, which the supervisor keeps in files.

Tracebacks carry no values of variables: numbers and names stand in them.
"""

from __future__ import annotations

import logging
import sys

import structlog


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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
