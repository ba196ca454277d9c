"""A caller's script on a real telephone: what the caller does is done by sipp, what is expected stands in the log or is
heard on the line. The same script, run by the product in virtual time, must have come to the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.harness.api import Api
from tests.harness.contact import Contact
from tests.harness.product import Product
from tests.harness.prompts import as_samples, find, prompt
from tests.harness.recognisers import FunAsrServer
from tests.harness.sip_agent import SipAgent
from tests.harness.sipp import SippCall
from tests.harness.waiting import until
from zhiyin.config.prompts.speech import Utterance, speak_all
from zhiyin.domain.flow_scripts.script import GIVEN, Line, read_script

#: a number for flows of a test's own
OTHER_NUMBER = "4008009999"
#: an event of the log -> what it is called in a script
_OF_A_QUEUE = {"QueueEntered": "queue", "MessageInvited": "voicemail", "CallbackAgreed": "callback"}
_COMPARED = frozenset({"node", *_OF_A_QUEUE.values(), "talking", "end"})
_ALIKE = 0.8
_WITHIN_S = 60.0

Happening = tuple[str, str]


def _speech() -> bytes:
    """Return somebody's voice, 16 bits, 8000 samples a second: what it says is for the recogniser to know."""
    (samples,) = speak_all([Utterance("one moment please", "en")])
    return (samples * 32767).astype("<i2").tobytes()


@contextmanager
def flow_in_force(administrator: Api, made: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """A flow made of what ``POST /flows`` takes, and the number that leads to it; taken back afterwards."""
    flow = administrator.ask("POST", "/flows", made)
    number = None
    try:
        assert flow["problems"] == []
        administrator.ask("POST", f"/flows/{flow['id']}/publish")
        number = administrator.ask("POST", "/numbers", {"number": OTHER_NUMBER, "flow_id": flow["id"]})
        yield flow["id"], OTHER_NUMBER
    finally:
        if number is not None:
            administrator.ask("DELETE", f"/numbers/{number['id']}")
        administrator.ask("DELETE", f"/flows/{flow['id']}")


def in_virtual_time(administrator: Api, flow: int, script: str) -> list[Happening]:
    """Run the script by the product itself; return what happened, once all that it expects held."""
    run = administrator.ask("POST", f"/flows/{flow}/tests/try", {"script": script})
    assert run["is_passed"], run
    return [(one["what"], one["name"]) for one in run["traces"] if one["what"] in _COMPARED]


@dataclass
class RealCaller:
    """The caller of one real call. ``agent`` answers where the script lets somebody."""

    product: Product
    administrator: Api
    call: SippCall
    contact: Contact
    agent: SipAgent | None = None
    recogniser: FunAsrServer | None = None  # by which the company hears; it understands what the script says
    _since: int = 0  # the first happening after the last act
    _heard_since: int = 0  # and the first sample
    _queues: dict[int, str] = field(default_factory=dict)

    async def play(self, script: str) -> list[Happening]:
        """Do and expect what the script says; return what happened. How the world is, the test has seen to before."""
        self._queues = {queue["id"]: queue["name"] for queue in self.administrator.items("/queues")}
        await self.call.hears_sound()  # before, a key has nowhere to go
        for line in read_script(script).lines:
            if line.command not in GIVEN:
                await self._do(line)
        return self.happenings()

    async def _do(self, line: Line) -> None:
        match line.command, line.arguments:
            case "expect", _:
                await until(lambda: self._holds(line), what=f"line {line.number}: {line.text}", within_s=_WITHIN_S)
                return
            case "press", (keys,):
                self._begin()
                self.call.press(keys)
                # to look into the log, or for a sound, holds up the fingers
                await until(lambda: self.call.media.are_keys_pressed, what="the keys are pressed")
            case "say", words if self.recogniser is not None:
                self._begin()
                self.recogniser.text = " ".join(words)
                self.call.media.say(_speech())
            case "wait", ():
                self._begin()
            case "hangup", _:
                self._begin()
                await self.call.hang_up()
                await self.contact.tells("InteractionEnded")
            case "answer", _ if self.agent is not None:
                self._begin()
                await self.agent.answer()
            case _:
                raise AssertionError(f"a real telephone cannot do this: {line.text}")

    def _begin(self) -> None:
        """Something is about to be done: what follows is expected of that."""
        self._since, self._heard_since = len(self.happenings()), len(self.call.heard()) // 2

    def happenings(self) -> list[Happening]:
        """Return what the log tells, in a script's words."""
        return [happening for event in self.contact.events() if (happening := self._told(event.type, event.body))]

    def _told(self, kind: str, body: dict[str, Any]) -> Happening | None:
        match kind:
            case "NodeEntered":
                return "node", body["node"]
            case "SegmentStarted":
                return "talking", ""
            case "InteractionEnded":
                return "end", body["reason"]
            case _ if kind in _OF_A_QUEUE:
                return _OF_A_QUEUE[kind], self._queues[body["queue"]]
        return None

    def _holds(self, line: Line) -> bool:
        wanted = line.arguments[0] if line.arguments else None
        if line.aspect == "value":
            return self._values().get(str(wanted)) == line.arguments[1]
        is_told = any(
            line.aspect in ("any", what) and wanted in (None, name) for what, name in self.happenings()[self._since :]
        )
        return is_told or (line.aspect in ("any", "say") and self._is_heard(str(wanted)))

    def _is_heard(self, key: str) -> bool:
        """Return whether the whole prompt was heard since the last act."""
        if not (self.product.data / "prompts" / "standard" / "zh" / f"{key}.alaw").exists():
            return False
        heard = as_samples(self.call.heard())[self._heard_since :]
        return find(heard, prompt(self.product, key))[0] > _ALIKE

    def _values(self) -> dict[str, str]:
        history = self.administrator.read(f"/interactions/{self.contact.id}/history")["items"]
        found: dict[str, str] = {}
        for entry in history:
            if entry["type"] == "DataAttached":
                found |= entry["data"]
        return found
