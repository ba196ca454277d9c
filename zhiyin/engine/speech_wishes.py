"""What an administrator asks of speech: to hear how a text is said, to be understood, and how it went so far."""

from __future__ import annotations

import asyncio
import binascii
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from zhiyin.contracts import commands as c
from zhiyin.contracts.speech_commands import LONGEST_TRIED_S, OWN, SpeechState
from zhiyin.domain.flows.requests import FAILED, FOUND
from zhiyin.domain.speech.end_pointing import RATE_HZ
from zhiyin.engine.hearing import UNDERSTOOD_WITHIN_S
from zhiyin.engine.speech_port import SpeechFailed

if TYPE_CHECKING:
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

Wish = c.TrySynthesis | c.TryRecognition | c.TellSpeech
#: How long a person waits who tries it, and how long a text it may be.
TRY_S = 10.0
MOST_SIGNS = 100


async def meet(board: Switchboard, tenant: Tenant, command: Wish) -> dict[str, str] | list[SpeechState]:
    """Return what came of it: "found" or "failed", why, and the sound or the words."""
    match command:
        case c.TrySynthesis():
            return await _say(board, tenant, command)
        case c.TryRecognition():
            return await _understand(board, tenant, command)
        case _:
            return board.speech_health.of(tenant.id)


async def _say(board: Switchboard, tenant: Tenant, command: c.TrySynthesis) -> dict[str, str]:
    text, spoken, world = command.text[:MOST_SIGNS], board.spoken, board.outside.world
    try:
        async with asyncio.timeout(TRY_S):
            if command.service is None:
                sound, cause = await spoken.sound(tenant, text, command.language, world=world, within_s=TRY_S)
            elif command.service == OWN:
                sound, cause = await spoken.by_own(tenant, text, command.language, within_s=TRY_S), ""
            else:
                services = tenant.company.settings.external.synthesis
                service = next((each for each in services if each.id == command.service), None)
                if service is None:
                    raise SpeechFailed("unknown_service")
                sound = await spoken.by_service(tenant, service, text, command.language, world=world, within_s=TRY_S)
                cause = ""
    except TimeoutError:
        return {"outcome": FAILED, "cause": "late", "sound": ""}
    except SpeechFailed as failed:
        return {"outcome": FAILED, "cause": failed.cause, "sound": ""}
    return {"outcome": FOUND, "cause": cause, "sound": b64encode(sound).decode()}


async def _understand(board: Switchboard, tenant: Tenant, command: c.TryRecognition) -> dict[str, str]:
    hearing, phrases = board.hearing, command.phrases
    try:
        sound = b64decode(command.sound, validate=True)[: LONGEST_TRIED_S * RATE_HZ * 2]
        async with asyncio.timeout(UNDERSTOOD_WITHIN_S):
            if command.service is None:
                text = await hearing.understand(tenant, sound, phrases, command.language)
            elif command.service == OWN:
                text = await hearing.by_own(tenant, sound, phrases, command.language)
            else:
                services = tenant.company.settings.external.recognition
                service = next((each for each in services if each.id == command.service), None)
                if service is None:
                    raise SpeechFailed("unknown_service")
                text = await hearing.by_service(tenant, service, sound, command.language, phrases)
    except binascii.Error:
        return {"outcome": FAILED, "cause": "not_sound", "text": ""}
    except TimeoutError:
        return {"outcome": FAILED, "cause": "late", "text": ""}
    except SpeechFailed as failed:
        return {"outcome": FAILED, "cause": failed.cause, "text": ""}
    return {"outcome": FOUND, "cause": "", "text": text}
