"""A small EspoCRM for tests: a real HTTP server that keeps contacts and calls, and can be away, slow or busy."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from zhiyin.apps.testing.receiver import Asked, Receiver, Said, receiving

KEY = "espo-key-of-the-test"
Row = dict[str, Any]


@dataclass(slots=True)
class EspoServer:
    """``instead``: answered before the server itself does, once each; ``loses_answers``: so often it works, but says it
    too late.
    """

    receiver: Receiver
    key: str = KEY
    rows: dict[str, list[Row]] = field(default_factory=lambda: {"Contact": [], "Call": []})
    instead: list[Said] = field(default_factory=list)
    loses_answers: int = 0
    on_list: Callable[[], None] = lambda: None
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return self.receiver.url

    @property
    def calls(self) -> list[Row]:
        return self.rows["Call"]

    def add_contact(self, number: str = "", *, name: str = "张三", changed_at: str = "2026-03-01 08:00:00") -> Row:
        row = {
            "id": f"c{len(self.rows['Contact']):04d}",
            "name": name,
            "phoneNumber": number,
            "emailAddress": None,
            "accountName": "远山科技",
            "createdAt": changed_at,
            "modifiedAt": changed_at,
        }
        self.rows["Contact"].append(row)
        return row

    def paths(self, method: str) -> list[str]:
        return [asked.path for asked in self.receiver.asked if asked.method == method]

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("x-api-key") != self.key:
            return Said(401, b"")
        if self.instead:
            return self.instead.pop(0)
        parts = urlsplit(asked.path)
        _, _, _, kind, *rest = parts.path.split("/")
        if asked.method == "GET":
            said = _said({"total": -1, "list": _select(self.rows[kind], parse_qsl(parts.query))})
            self.on_list()
            return said
        said = self._write(kind, rest, asked.json())
        if self.loses_answers:
            self.loses_answers -= 1
            self.released.wait(10)
        return said

    def _write(self, kind: str, rest: list[str], given: Row) -> Said:
        if not rest:
            row = {"id": f"{kind.lower()}{len(self.rows[kind])}"} | given
            self.rows[kind].append(row)
            return _said(row)
        known = [row for row in self.rows[kind] if row["id"] == rest[0]]
        if not known:
            return Said(404, b"")
        known[0].update(given)
        return _said(known[0])


def _said(document: object) -> Said:
    return Said(200, json.dumps(document).encode(), {"Content-Type": "application/json"})


def _select(rows: list[Row], query: list[tuple[str, str]]) -> list[Row]:
    asked = dict(query)
    chosen = list(rows)
    index = 0
    while (attribute := asked.get(f"where[{index}][attribute]")) is not None:
        value = asked.get(f"where[{index}][value]", "")
        values = [each for name, each in query if name == f"where[{index}][value][]"]
        fits: dict[str, Callable[[str], bool]] = {
            "in": lambda stored, values=values: stored in values,  # type: ignore[misc]
            "equals": lambda stored, value=value: stored == value,  # type: ignore[misc]
            "contains": lambda stored, value=value: value in stored,  # type: ignore[misc]
            "greaterThanOrEquals": lambda stored, value=value: stored >= value,  # type: ignore[misc]
        }
        fit = fits[asked[f"where[{index}][type]"]]
        chosen = [row for row in chosen if fit(str(row.get(attribute) or ""))]
        index += 1
    if "orderBy" in asked:
        chosen.sort(key=lambda row: (row[asked["orderBy"]], row["id"]))
    begin = int(asked.get("offset", 0))
    return chosen[begin : begin + int(asked["maxSize"])]


@contextmanager
def espocrm() -> Iterator[EspoServer]:
    """Serve on a free port until the block ends."""
    with receiving() as receiver:
        server = EspoServer(receiver)
        receiver.answer = server.answer
        try:
            yield server
        finally:
            server.released.set()
