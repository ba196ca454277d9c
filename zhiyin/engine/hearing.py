"""What callers say to flows: sound of the line, cut into utterances, understood by the company's service or the
installation's own ear. Each ear is a task of its own that ends with its contact; what it hears is kept nowhere."""

from __future__ import annotations

import asyncio
import io
import secrets
import wave
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
import structlog

from zhiyin.contracts.external_services import RecognitionSetting
from zhiyin.domain.calls.effects import Listen
from zhiyin.domain.calls.inputs import CallerHeard, CallerSpeaks
from zhiyin.domain.flows.answers import WrongAnswer, to_text
from zhiyin.domain.json_pointers import MISSING, resolve
from zhiyin.domain.speech.end_pointing import RATE_HZ, EndPointer, Sign
from zhiyin.domain.speech.phrases import choose
from zhiyin.domain.speech.streams import STREAMS
from zhiyin.engine import metrics
from zhiyin.engine.outside_port import HttpCall, OutsideFailed
from zhiyin.engine.ports import TelephonyError
from zhiyin.engine.speech_health import RECOGNITION
from zhiyin.engine.speech_port import SpeechFailed
from zhiyin.engine.streamed_words import StreamedWords

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

#: So long an utterance may take to be understood, after its end.
UNDERSTOOD_WITHIN_S = 5.0
#: Where words come while it is said, so long after its end; what was understood by then stands.
_STREAMED_WITHIN_S = 4.0
#: Sound that waits to be looked at, in pieces of about 20 ms; what comes beyond is not heard.
_MOST_PIECES = 1000


class Hearing:
    """Owns the ears that are open."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._ears: dict[str, tuple[str, asyncio.Task[None]]] = {}

    def begin(self, session: InteractionSession, effect: Listen) -> None:
        """Open an ear; what it hears is told to the contact."""
        if effect.ear in self._ears:
            return
        task = self._board.run(self._listen(session, effect))
        self._ears[effect.ear] = session.id, task
        task.add_done_callback(lambda _task: self._ears.pop(effect.ear, None))

    def stop(self, ear: str) -> None:
        """Close an ear; one that is closed is no error."""
        if (known := self._ears.get(ear)) is not None:
            known[1].cancel()

    def end(self, interaction: str) -> None:
        """The contact is over."""
        for owner, task in list(self._ears.values()):
            if owner == interaction:
                task.cancel()

    async def _listen(self, session: InteractionSession, effect: Listen) -> None:
        pieces: asyncio.Queue[bytes] = asyncio.Queue(_MOST_PIECES)

        def hear(sound: bytes) -> None:
            with suppress(asyncio.QueueFull):
                pieces.put_nowait(sound)

        reader = asyncio.ensure_future(self._attend(session, effect, pieces))
        try:
            await self._board.telephony.hear(effect.leg, ear=effect.ear, on_sound=hear)
            session.post(CallerHeard(effect.ear, cause="telephony"))  # the sound ended before we did; or the call
        except TelephonyError as error:
            log.warning("ear_failed", interaction=session.id, why=str(error))
            session.post(CallerHeard(effect.ear, cause="telephony"))
        finally:
            reader.cancel()
            with suppress(asyncio.CancelledError):
                await reader

    async def _attend(self, session: InteractionSession, effect: Listen, pieces: asyncio.Queue[bytes]) -> None:
        """Cut what is heard into utterances, and have each understood."""
        service = service_for(session.tenant, effect.language)
        if service is not None and service.protocol in STREAMS:
            await self._attend_streamed(session, effect, pieces, service)
            return
        pointer, utterance = EndPointer(), bytearray()
        while True:
            for sign, sound in pointer.take(await pieces.get()):
                utterance += sound
                if sign is Sign.BEGAN:
                    session.post(CallerSpeaks(effect.ear))
                elif sign is Sign.ENDED:
                    said, utterance = bytes(utterance), bytearray()
                    session.post(await self._understood(session, effect, said))

    async def _attend_streamed(
        self, session: InteractionSession, effect: Listen, pieces: asyncio.Queue[bytes], service: RecognitionSetting
    ) -> None:
        """Have each utterance understood while it is said. Who speaks is known by words, so that a noise stops no
        prompt; and once a phrase that is waited for was said, a short pause is its end."""
        pointer, speaks = EndPointer(), False

        def on_words(words: str) -> None:
            nonlocal speaks
            if not speaks:
                session.post(CallerSpeaks(effect.ear))
            speaks = True
            if choose(words, {"": effect.phrases}) is not None:
                pointer.hurry()

        said: StreamedWords | None = None
        try:
            while True:
                for sign, sound in pointer.take(await pieces.get()):
                    if sign is Sign.BEGAN:
                        speaks = False
                        said = self._open_stream(session.tenant, service, effect.phrases, on_words)
                    if said is None:
                        continue
                    said.feed(sound)
                    if sign is Sign.ENDED:
                        understanding = self._streamed(session.tenant, service, said)
                        heard = await self._told(session, effect, understanding)
                        await said.close()
                        said = None
                        if speaks or heard.text or heard.cause:
                            session.post(heard)
        finally:
            if said is not None:
                await said.close()

    def _open_stream(
        self,
        tenant: Tenant,
        service: RecognitionSetting,
        phrases: tuple[str, ...],
        on_words: Callable[[str], None] = lambda _words: None,
    ) -> StreamedWords:
        world = self._board.outside.world
        return StreamedWords(world, service, company=tenant.id, phrases=phrases, on_words=on_words)

    async def _understood(self, session: InteractionSession, effect: Listen, sound: bytes) -> CallerHeard:
        understanding = self.understand(session.tenant, sound, effect.phrases, effect.language)
        return await self._told(session, effect, understanding)

    async def _told(self, session: InteractionSession, effect: Listen, understanding: Awaitable[str]) -> CallerHeard:
        """Return what an utterance came to, within the time that it has."""
        cause, text = "", ""
        began_at = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(UNDERSTOOD_WITHIN_S):
                text = await understanding
        except TimeoutError:
            cause = "late"
        except SpeechFailed as failed:
            cause = failed.cause
        except Exception as error:  # a caller must not stand still for it; its words may hold what must not be told
            log.error("recognition_broke", interaction=session.id, why=type(error).__name__)
            cause = "broken"
        metrics.OUTSIDE_REQUESTS.labels("recognition", "failed" if cause else "found").inc()
        took_s = round(asyncio.get_running_loop().time() - began_at, 1)
        log.info("heard", interaction=session.id, took_s=took_s, cause=cause, is_word=bool(text))
        return CallerHeard(effect.ear, text, cause)

    async def understand(self, tenant: Tenant, sound: bytes, phrases: tuple[str, ...], language: str) -> str:
        """Return the words of an utterance, by the company's service for the language, else by the own ear.

        Raises ``SpeechFailed``.
        """
        service = service_for(tenant, language)
        if service is None:
            return await self.by_own(tenant, sound, phrases, language)
        return await self.by_service(tenant, service, sound, language, phrases)

    async def by_own(self, tenant: Tenant, sound: bytes, phrases: tuple[str, ...], language: str) -> str:
        """Return which of the phrases the installation's own hearing takes it for. Raises ``SpeechFailed``."""
        within_s = UNDERSTOOD_WITHIN_S
        with self._board.speech_health.noting(tenant.id, RECOGNITION, within_s=within_s):
            return await self._board.spoken.tools.ear.understand(sound, phrases, language, within_s=within_s)

    async def by_service(
        self, tenant: Tenant, service: RecognitionSetting, sound: bytes, language: str, phrases: tuple[str, ...] = ()
    ) -> str:
        """Return the words that one service understands. Raises ``SpeechFailed``."""
        if service.protocol in STREAMS:
            said = self._open_stream(tenant, service, phrases)
            try:
                said.feed(sound)
                return await self._streamed(tenant, service, said)
            finally:
                await said.close()
        with self._board.speech_health.noting(tenant.id, RECOGNITION, service.id, within_s=UNDERSTOOD_WITHIN_S):
            return await self._by_request(tenant, service, sound, language)

    async def _streamed(self, tenant: Tenant, service: RecognitionSetting, said: StreamedWords) -> str:
        with self._board.speech_health.noting(tenant.id, RECOGNITION, service.id, within_s=_STREAMED_WITHIN_S):
            return await said.understood(within_s=_STREAMED_WITHIN_S)

    async def _by_request(self, tenant: Tenant, service: RecognitionSetting, sound: bytes, language: str) -> str:
        content, media = wav_of(sound), "audio/wav"
        if service.protocol == "form":
            content, media = form_of(content, {"language": language} | service.fields)
        headers = {**service.headers, "Content-Type": media, "X-Language": language}
        if service.secret_header:
            headers[service.secret_header] = service.secret
        try:
            call = HttpCall("POST", service.base_url.rstrip("/") + service.path, headers, content)
            answer = await self._board.outside.world.call(call, company=tenant.id, within_s=UNDERSTOOD_WITHIN_S)
            if not 200 <= answer.status < 300:
                raise SpeechFailed(f"http_{answer.status}")
            found = resolve(msgspec.json.decode(answer.body), service.text_pointer)
            return "" if found is MISSING else to_text(found)
        except OutsideFailed as failed:
            raise SpeechFailed(failed.cause) from failed
        except WrongAnswer as wrong:
            raise SpeechFailed(wrong.code) from wrong
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SpeechFailed("not_json") from error


def service_for(tenant: Tenant, language: str) -> RecognitionSetting | None:
    """Return the company's service for a language, None for none."""
    services = tenant.company.settings.external.recognition
    return next((each for each in services if language in each.languages), None)


def wav_of(sound: bytes) -> bytes:
    """Return an utterance as a WAV file."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(sound)
    return target.getvalue()


def form_of(wav: bytes, fields: Mapping[str, str]) -> tuple[bytes, str]:
    """Return a form with a WAV file and fields (RFC 7578), and its media type."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="utterance.wav"\r\n'
    parts += [head.encode(), b"Content-Type: audio/wav\r\n\r\n", wav, f"\r\n--{boundary}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"
