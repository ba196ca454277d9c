"""ARI's REST as the port's requests see it: what fails is said in the port's own errors."""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.engine.adapters.asterisk import messages
from zhiyin.engine.adapters.asterisk.answers import Answer
from zhiyin.engine.adapters.asterisk.client import AriClient
from zhiyin.engine.adapters.asterisk.errors import AriAway, AriRefused, port_errors
from zhiyin.engine.ports import LegGone, LegId

BAD_REQUEST, NOT_FOUND, CONFLICT, UNPROCESSABLE, SERVER_ERROR = 400, 404, 409, 422, 500


class Rest:
    """Every request raises ``TelephonyAway`` when Asterisk cannot be reached, ``Refused`` when it says no."""

    def __init__(self, ari: AriClient) -> None:
        self._ari = ari

    async def ask(
        self, method: str, path: str, query: Mapping[str, str | int] | None = None, *, body: object = None
    ) -> Answer:
        with port_errors():
            return await self._ari.request(method, path, query, body=body)

    def expect(self, answer: Answer, *also: int) -> None:
        with port_errors():
            answer.expect(*also)

    async def of_leg(self, leg: LegId, method: str, what: str, query: Mapping[str, str | int] | None = None) -> Answer:
        """Ask something of a leg. Raises ``LegGone``."""
        answer = await self.ask(method, f"channels/{leg}/{what}", query)
        if answer.status in (NOT_FOUND, CONFLICT):
            raise LegGone(leg)
        self.expect(answer)
        return answer

    async def variable(self, leg: LegId, name: str) -> str:
        """Return what a leg's variable holds, or a function of the dialplan says; nothing where it has none."""
        answer = await self.ask("GET", f"channels/{leg}/variable", {"variable": name})
        if answer.status == NOT_FOUND and "ariable" in answer.why():
            return ""
        if answer.status == SERVER_ERROR and "function" in answer.why():  # so it says that nothing is found
            return ""
        if answer.status in (NOT_FOUND, CONFLICT):
            raise LegGone(leg)
        self.expect(answer)
        return answer.read(messages.Variable).value

    async def packets_heard(self, leg: LegId) -> int | None:
        """Return how many RTP packets came from the leg; None where Asterisk does not say."""
        try:
            return (
                (await self._ari.request("GET", f"channels/{leg}/rtp_statistics")).read(messages.RtpStatistics).rxcount
            )
        except (AriAway, AriRefused):
            return None
