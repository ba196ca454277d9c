"""What an administrator asks of speech: to hear how a text is said."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import TYPE_CHECKING

from zhiyin.contracts import commands as c
from zhiyin.domain.flows.requests import FAILED, FOUND
from zhiyin.engine.speech_port import SpeechFailed

if TYPE_CHECKING:
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

Wish = c.TrySynthesis
#: How long a person waits who tries it, and how long a text it may be.
TRY_S = 10.0
MOST_SIGNS = 100


async def meet(board: Switchboard, tenant: Tenant, command: Wish) -> dict[str, str]:
    """Return what came of it: "found" or "failed", why, and the sound."""
    text, spoken, world = command.text[:MOST_SIGNS], board.spoken, board.outside.world
    try:
        async with asyncio.timeout(TRY_S):
            if command.service is None:
                sound, cause = await spoken.sound(tenant, text, command.language, world=world, within_s=TRY_S)
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
