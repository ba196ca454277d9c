"""Texts that flows say: made into sound by the company's service, else by the installation's own voice, and kept in a
file that the telephone side can play for no longer than the contact lasts.

What was said to one is often said to the next: sound is kept in memory too, within bounds, under a digest of its text.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import secrets
from collections import OrderedDict
from typing import TYPE_CHECKING

import msgspec
import structlog

from zhiyin.contracts.external_services import SynthesisSetting
from zhiyin.domain.flows.filling import CannotFill, fill_body, read_body
from zhiyin.domain.flows.requests import FAILED, FOUND, SOUND, SynthesisRequest
from zhiyin.engine.outside_port import HttpCall, OutsideFailed, OutsideWorld
from zhiyin.engine.speech_health import SYNTHESIS, SpeechHealth
from zhiyin.engine.speech_port import SpeechFailed, SpeechTools

if TYPE_CHECKING:
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

#: How names of prompts begin that are texts of one contact.
SPOKEN = "spoken:"
#: Of the time there is, a service gets this part: the own voice needs the rest, where the service says nothing.
SERVICE_PART = 0.6
#: So much sound is kept in memory: about half an hour.
MOST_KEPT_BYTES = 16 * 1024 * 1024
MOST_WAV_BYTES = 16 * 1024 * 1024
_Told = tuple[str, dict[str, str], str]


class SpokenTexts:
    """``tools`` are those of the engine, which takes them over emptied."""

    def __init__(self, health: SpeechHealth) -> None:
        self._health = health
        self.tools = SpeechTools()
        self._digest_key = secrets.token_bytes(32)
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._kept_bytes = 0
        #: by contact: what it hears, as a prompt and as the telephone side knows it
        self._laid_out: dict[str, tuple[str, str]] = {}
        self._numbers = itertools.count(1)

    async def tell(
        self, tenant: Tenant, interaction: str, request: SynthesisRequest, *, world: OutsideWorld, within_s: float
    ) -> _Told:
        """Return what the flow is told: the name of the sound, and why the company's own service did not make it.

        Raises ``TimeoutError`` where it takes longer than ``within_s``.
        """
        try:
            async with asyncio.timeout(within_s):
                sound, cause = await self.sound(tenant, request.text, request.language, world=world, within_s=within_s)
                return FOUND, {SOUND: await self._lay_out(interaction, sound)}, cause
        except SpeechFailed as failed:
            return FAILED, {}, failed.cause

    async def sound(
        self, tenant: Tenant, text: str, language: str, *, world: OutsideWorld, within_s: float
    ) -> tuple[bytes, str]:
        """Return the line's sound of a text, and why the company's own service did not make it ("": it did, or there is
        none). Raises ``SpeechFailed``."""
        service = service_of(tenant.company.settings.external.synthesis, language)
        digest = self._digest(tenant.id, service, language, text)
        if (kept := self._kept.get(digest)) is not None:
            self._kept.move_to_end(digest)
            return kept, ""
        cause = ""
        if service is not None:
            try:
                sound = await self.by_service(
                    tenant, service, text, language, world=world, within_s=within_s * SERVICE_PART
                )
            except SpeechFailed as failed:
                cause = failed.cause
                log.warning("synthesis_failed", tenant=tenant.id, service=service.id, cause=cause)
            else:
                self._keep(digest, sound)
                return sound, ""
        sound = await self.by_own(tenant, text, language, within_s=within_s)
        if service is None:
            self._keep(digest, sound)
        return sound, cause

    async def by_own(self, tenant: Tenant, text: str, language: str, *, within_s: float) -> bytes:
        """Return the sound that the installation's own voice makes of a text. Raises ``SpeechFailed``."""
        with self._health.noting(tenant.id, SYNTHESIS, within_s=within_s):
            return await self.tools.voice.speak(text, language, within_s=within_s)

    async def by_service(
        self,
        tenant: Tenant,
        service: SynthesisSetting,
        text: str,
        language: str,
        *,
        world: OutsideWorld,
        within_s: float,
    ) -> bytes:
        """Return the sound that one service makes of a text. Raises ``SpeechFailed``."""
        with self._health.noting(tenant.id, SYNTHESIS, service.id, within_s=within_s):
            return await self._by_request(tenant, service, text, language, world=world, within_s=within_s)

    async def _by_request(
        self,
        tenant: Tenant,
        service: SynthesisSetting,
        text: str,
        language: str,
        *,
        world: OutsideWorld,
        within_s: float,
    ) -> bytes:
        headers = {"Accept": "audio/wav", **service.headers, "Content-Type": "application/json"}
        if service.secret_header:
            headers[service.secret_header] = service.secret
        try:
            body = msgspec.json.encode(fill_body(read_body(service.body), {"text": text, "language": language}))
            url = service.base_url.rstrip("/") + service.path
            call = HttpCall("POST", url, headers, body, most_bytes=MOST_WAV_BYTES)
            async with asyncio.timeout(within_s):
                answer = await world.call(call, company=tenant.id, within_s=within_s)
                if not 200 <= answer.status < 300:
                    raise SpeechFailed(f"http_{answer.status}")
                return await self.tools.voice.to_line(answer.body, within_s=within_s)
        except TimeoutError as error:
            raise SpeechFailed("late") from error
        except OutsideFailed as failed:
            raise SpeechFailed(failed.cause) from failed
        except CannotFill as wrong:
            raise SpeechFailed(wrong.code) from wrong

    def sound_of(self, prompt: str) -> str | None:
        """Return what the telephone side is given to play of a prompt that is a text; None for all others."""
        interaction = prompt.removeprefix(SPOKEN).partition("/")[0]
        known, sound = self._laid_out.get(interaction, ("", None))
        return sound if known == prompt else None

    def forget(self, interaction: str) -> None:
        """The contact is over: nothing that was said to it stays on disk."""
        _, sound = self._laid_out.pop(interaction, ("", None))
        if sound is not None:
            self.tools.shelf.remove(sound)

    async def _lay_out(self, interaction: str, sound: bytes) -> str:
        """Put the sound where it can be played; return its prompt. What this contact heard before is not needed."""
        self.forget(interaction)
        name = await self.tools.shelf.put(sound)
        prompt = f"{SPOKEN}{interaction}/{next(self._numbers)}"
        self._laid_out[interaction] = prompt, name
        return prompt

    def _digest(self, tenant: int, service: SynthesisSetting | None, language: str, text: str) -> bytes:
        """Return under what a sound is kept: with another service, or the same one changed, it is another."""
        what = msgspec.json.encode((tenant, service, language, text))
        return hashlib.blake2b(what, key=self._digest_key, digest_size=16).digest()

    def _keep(self, digest: bytes, sound: bytes) -> None:
        self._kept_bytes += len(sound) - len(self._kept.get(digest, b""))
        self._kept[digest] = sound
        while self._kept_bytes > MOST_KEPT_BYTES:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1])


def service_of(services: tuple[SynthesisSetting, ...], language: str) -> SynthesisSetting | None:
    """Return the first service that speaks a language."""
    return next((service for service in services if language in service.languages), None)
