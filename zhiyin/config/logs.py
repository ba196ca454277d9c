"""How the children write their logs: one JSON object a line on standard error, which the supervisor keeps in files; its
own go into a file of the same kind, since its standard error is the person's at the terminal.

Each line names its ``part`` and, where there is one, the ``interaction`` and the ``request`` it belongs to. What
libraries say by Python's own logging comes in the same form. Tracebacks carry no values of variables, and of messages
what is no data (``log_errors``): numbers and names stand in them.
"""

from __future__ import annotations

import io
import logging
import sys
from contextlib import suppress
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor

from zhiyin.config import log_errors


class UnfailingLogger(structlog.PrintLogger):
    """Loses a line rather than raising: on a full disk, saying so must not end what it is said of."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def _standard_error() -> TextIO:
    """Standard error without a buffer: what a full disk did not take is lost, not tried again when the process ends."""
    if sys.stderr is not sys.__stderr__ or sys.stderr is None:
        return sys.stderr
    raw = open(sys.stderr.fileno(), "wb", buffering=0, closefd=False)  # noqa: SIM115 - lives as long as the process
    return io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", write_through=True)


def configure_logs(part: str, *, to: TextIO | None = None) -> None:
    """Set it up for this process; repeatable. ``to``: another place than standard error."""
    stream = to or _standard_error()

    def name_part(_logger: object, _method: str, event: EventDict) -> EventDict:
        event["part"] = part
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_part,
    ]
    tell_errors = structlog.processors.ExceptionRenderer(log_errors.told)
    in_json = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    structlog.configure(
        processors=[*shared, tell_errors, in_json],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_given: UnfailingLogger(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                tell_errors,
                in_json,
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.raiseExceptions = False  # a full disk again
