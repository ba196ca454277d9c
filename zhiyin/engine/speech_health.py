"""How it stands with those who speak and hear for a company: what came of the last asking of each. In memory alone: a
new engine knows nothing until somebody is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from zhiyin.contracts.speech_commands import OWN, SpeechState
from zhiyin.engine.clock import Clock
from zhiyin.engine.speech_port import SpeechFailed

#: Two clocks that run for the same time do not ring in the same instant.
_NEARLY_S = 0.2
SYNTHESIS, RECOGNITION = "synthesis", "recognition"


class SpeechHealth:
    """Services are known by their ids, the installation's own voice and hearing as ``OWN``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._states: dict[tuple[int, str, int], SpeechState] = {}

    @contextmanager
    def noting(self, company: int, kind: str, service: int = OWN, *, within_s: float) -> Iterator[None]:
        """Note what comes of asking. Who is given up after ``within_s`` was late; before it, the contact was over."""
        now_s = asyncio.get_running_loop().time
        given_up_at_s = now_s() + within_s - _NEARLY_S
        try:
            yield
        except SpeechFailed as failed:
            self._note(company, kind, service, failed.cause)
            raise
        except (TimeoutError, asyncio.CancelledError):
            if now_s() >= given_up_at_s:
                self._note(company, kind, service, "late")
            raise
        except Exception:
            self._note(company, kind, service, "broken")
            raise
        self._note(company, kind, service, "")

    def _note(self, company: int, kind: str, known: int, cause: str) -> None:
        at = self._clock.now()
        before = self._states.get((company, kind, known), SpeechState(kind, known))
        self._states[company, kind, known] = SpeechState(
            kind,
            known,
            succeeded_at=before.succeeded_at if cause else at,
            failed_at=at if cause else before.failed_at,
            cause=cause or before.cause,
            successes=before.successes + (not cause),
            failures=before.failures + bool(cause),
        )

    def of(self, company: int) -> list[SpeechState]:
        return [state for (owner, _, _), state in sorted(self._states.items()) if owner == company]
