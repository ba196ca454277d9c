"""One utterance at a recogniser that hears it while it is said: sent as it comes, its words known before its end.

A connection that breaks is made once more, and the sound sent anew from its beginning; where that is of no use either,
the words that were understood until then stand. Sound is in memory alone, of one utterance at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from zhiyin.contracts.external_services import RecognitionSetting
from zhiyin.domain.speech.streams import PIECE_BYTES, STREAMS, Doubler, NotUnderstood, Stream
from zhiyin.engine.outside_port import OutsideFailed, OutsideSocket, OutsideWorld, SocketCall
from zhiyin.engine.speech_port import SpeechFailed

#: A server that says more than this of one utterance is none; so long are its messages at most.
_MOST_MESSAGES, _MOST_BYTES = 1000, 32_000
_CONNECT_S = 3.0
#: After which a second connection may help.
_ONCE_MORE = frozenset({"closed", "broken", "unreachable"})


class StreamedWords:
    """``words`` is what is understood so far; ``on_words`` is told when there is more."""

    def __init__(
        self,
        world: OutsideWorld,
        service: RecognitionSetting,
        *,
        company: int,
        phrases: tuple[str, ...] = (),
        on_words: Callable[[str], None] = lambda _words: None,
    ) -> None:
        self.words = ""
        self._world, self._service, self._company = world, service, company
        self._phrases, self._on_words = phrases, on_words
        self._doubler = Doubler()
        self._sound = bytearray()
        self._is_whole = False
        self._more = asyncio.Event()
        self._task = asyncio.ensure_future(self._hear())

    def feed(self, sound: bytes) -> None:
        """Take in more sound of the line."""
        self._sound += self._doubler.take(sound)
        self._more.set()

    async def understood(self, *, within_s: float) -> str:
        """Return the words, now that all was fed. Raises ``SpeechFailed`` where there are none, and it is not known
        that nothing was said."""
        self._is_whole = True
        self._more.set()
        try:
            async with asyncio.timeout(within_s):
                return await asyncio.shield(self._task)
        except TimeoutError:
            return self._words_so_far("late")
        except OutsideFailed as failed:
            return self._words_so_far(failed.cause)
        except NotUnderstood:
            return self._words_so_far("wrong_type")

    async def close(self) -> None:
        """Let the connection go; repeated, nothing happens."""
        self._task.cancel()
        with suppress(asyncio.CancelledError, OutsideFailed, NotUnderstood):
            await self._task

    def _words_so_far(self, cause: str) -> str:
        if not self.words:
            raise SpeechFailed(cause)
        return self.words

    async def _hear(self) -> str:
        try:
            return await self._hear_once()
        except OutsideFailed as failed:
            if failed.cause not in _ONCE_MORE:
                raise
        return await self._hear_once()

    async def _hear_once(self) -> str:
        service = self._service
        stream = STREAMS[service.protocol](self._phrases)
        headers = dict(service.headers)
        if service.secret_header:
            headers[service.secret_header] = service.secret
        url = service.base_url.rstrip("/") + service.path
        call = SocketCall(url, headers, stream.subprotocols, _MOST_BYTES)
        socket = await self._world.open_socket(call, company=self._company, within_s=_CONNECT_S)
        sender = asyncio.ensure_future(self._send(socket, stream))
        try:
            await self._receive(socket, stream)
        finally:
            sender.cancel()
            with suppress(asyncio.CancelledError, OutsideFailed):
                await sender
            await socket.close()
        return self.words

    async def _send(self, socket: OutsideSocket, stream: Stream) -> None:
        """Send the sound piece by piece as it comes; the last piece may be shorter."""
        opening = stream.opening()
        if opening is not None:
            await socket.send(opening)
        sent = 0
        while True:
            self._more.clear()
            is_whole = self._is_whole
            while len(self._sound) - sent >= PIECE_BYTES or (is_whole and sent < len(self._sound)):
                piece = bytes(self._sound[sent : sent + PIECE_BYTES])
                sent += len(piece)
                await socket.send(stream.piece(piece))
            if is_whole:
                break
            await self._more.wait()
        await socket.send(stream.ending())

    async def _receive(self, socket: OutsideSocket, stream: Stream) -> None:
        for _ in range(_MOST_MESSAGES):
            message = await socket.receive()
            stream.take(message)
            if stream.words != self.words:
                self.words = stream.words
                self._on_words(self.words)
            if stream.is_over:
                return
            await asyncio.sleep(0)  # who floods us holds up nobody else
        raise OutsideFailed("too_large")
