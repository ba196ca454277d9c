"""Speech on a real call: a text made at the call is heard, and words said into a prompt lead on.

The voice is that of espeak-ng, the ear pocketsphinx."""

from __future__ import annotations

import numpy as np
import pytest

from tests.asterisk.test_bad_calls import flow_of
from tests.harness.api import Api
from tests.harness.contact import calling
from tests.harness.product import Product
from tests.harness.prompts import RATE, as_samples, hears, length_heard_s
from zhiyin.config.prompts.sound import decode_alaw, encode_alaw
from zhiyin.config.prompts.speech import Utterance, speak_all

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: long enough to be spoken into
PROMPT = "hospital_menu"
WORDS = ("one", "two", "three")
GRAPH = {
    "format": 1,
    "start": "start",
    "nodes": [
        {"id": "start", "kind": "start"},
        {"id": "english", "kind": "language", "config": {"language": "en"}},
        {"id": "say", "kind": "say", "config": {"text_en": "You called {{called}}.", "timeout_s": 20}},
        {
            "id": "ask",
            "kind": "recognise",
            "config": {
                "prompt": {"key": PROMPT},
                "choices": [{"exit": word, "name": word, "phrases": word} for word in WORDS],
            },
        },
        *({"id": word, "kind": "hang_up", "config": {"reason": word}} for word in WORDS),
        {"id": "other", "kind": "hang_up", "config": {"reason": "other"}},
    ],
    "edges": [
        {"from": "start", "exit": "next", "to": "english"},
        {"from": "english", "exit": "next", "to": "say"},
        {"from": "say", "exit": "next", "to": "ask"},
        {"from": "say", "exit": "failed", "to": "other"},
        *({"from": "ask", "exit": word, "to": word} for word in WORDS),
        *({"from": "ask", "exit": exit_, "to": "other"} for exit_ in ("no_input", "no_match", "failed")),
    ],
}


def spoken(text: str) -> np.ndarray:
    """Return a text as the line carries it."""
    (samples,) = speak_all([Utterance(text, "en")])
    return decode_alaw(encode_alaw(samples))


async def test_a_text_is_heard_and_words_cut_a_prompt_short_and_lead_on(product: Product, administrator: Api) -> None:
    with flow_of(administrator, GRAPH) as number:
        async with calling(product, to=number, tone_hz=0) as (call, contact):
            wanted = spoken(f"You called {number}.")
            await hears(call, wanted, what="the text", within_s=40, since=0)
            english = decode_alaw((product.data / "prompts/standard/en" / f"{PROMPT}.alaw").read_bytes())
            began_s = await hears(call, english[:RATE], what="the prompt's beginning", within_s=40, since=0)
            call.media.say((spoken("two") * 32767).astype("<i2").tobytes())
            assert await call.ended() == 0
        heard = as_samples(call.heard())[round(began_s * RATE) :]
        assert length_heard_s(heard, english) < len(english) / RATE - 1, "who speaks is not talked over"
        record = await contact.record(administrator)
    assert (record["outcome"], record["end_reason"]) == ("self_service", "two")
    history = administrator.read(f"/interactions/{contact.id}/history")["items"]
    assert [entry["note"] for entry in history if entry["type"] == "UtteranceHeard"] == ["two"]
    assert not list((product.data / "spoken").iterdir()), "what was said is gone with the contact"
