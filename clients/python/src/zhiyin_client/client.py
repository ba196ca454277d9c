"""The client: all routes as methods, whole lists, and events as they happen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx

from zhiyin_client.core import Problem, Unreachable
from zhiyin_client.operations import Operations

_PAGE = 200
#: the server says where it is every 15 seconds: silence for three times as long is a dead connection
_SILENCE_S = 45.0
_AGAIN_AFTER_S = 3.0
_PASSING = frozenset({429, 502, 503, 504})


class Client(Operations):
    """``Client("https://desk.example.com", key)``; also a context manager that closes its connections."""

    def every(self, list_page: Callable[..., Any], **filters: Any) -> Iterator[Any]:
        """Yield every row of a list, page by page: ``client.every(client.list_customers, search="张")``.

        Sorted by id where the list can, so that a row made meanwhile moves none from one page to another.
        """
        page = 1
        while True:
            answer = list_page(page=page, page_size=_PAGE, **filters)
            yield from answer["items"]
            if len(answer["items"]) < _PAGE:
                return
            page += 1

    def events(self, *, types: Iterable[str] = (), after: str = "") -> Iterator[dict[str, Any]]:
        """Yield events as they happen, for ever. Each has its ``cursor``: store it, and give it as ``after`` to go on
        there after a restart. A connection that breaks is made again without losing or repeating an event.

        Raises ``Problem`` when the key may not listen, or no longer.
        """
        place = after
        while True:
            try:
                for event_place, event in self._listen(place, types):
                    place = event_place
                    if event is not None:
                        yield event
            except (httpx.HTTPError, Unreachable):
                pass
            except Problem as refused:
                if refused.status not in _PASSING:
                    raise
            self._sleep(_AGAIN_AFTER_S)

    def _listen(self, after: str, types: Iterable[str]) -> Iterator[tuple[str, dict[str, Any] | None]]:
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": after} if after else {})
        wanted = {"types": ",".join(types)} if types else {}
        timeout = httpx.Timeout(30.0, read=_SILENCE_S)
        with self._http.stream("GET", "/api/events", params=wanted, headers=headers, timeout=timeout) as answer:
            if not answer.is_success:
                answer.read()
                said = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
                raise Problem(answer.status_code, str(said.get("code", "unknown")), str(said.get("title", "")), {}, {})
            yield from read_frames(answer.iter_lines())


def read_frames(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Yield (place, event) of a stream; None: nothing happened up to that place."""
    frame: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            frame[name] = value.removeprefix(" ")
            continue
        if "id" in frame:
            is_place = frame.get("event") == "place"
            yield frame["id"], None if is_place else json.loads(frame.get("data", "{}"))
        frame = {}
