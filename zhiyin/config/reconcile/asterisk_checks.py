"""What Asterisk has against what the log says is live: no contact without a leg, no leg or bridge without a contact.

Both move while they are compared, so a difference counts only when two looks, some seconds apart, show it.
"""

from __future__ import annotations

import base64
import configparser
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from zhiyin.config.reconcile.books import Books
from zhiyin.config.reconcile.contact_checks import Story
from zhiyin.config.reconcile.findings import Finding
from zhiyin.contracts.links import LinkKeys

#: a contact this young may not have its leg yet
YOUNG = timedelta(seconds=10)
_TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class AsteriskDoor:
    """One Asterisk. Of several ``node`` is its name; over the network ``keys`` are the parts'."""

    url: str
    user: str
    password: str = field(repr=False)
    node: str = ""
    keys: LinkKeys | None = None

    @classmethod
    def of_folder(cls, folder: Path) -> AsteriskDoor | None:
        """Read the door from the generated configuration; None where none was generated."""
        http, ari = folder / "conf" / "http.conf", folder / "conf" / "ari.conf"
        if not (http.is_file() and ari.is_file()):
            return None
        port = _read(http)["general"]["bindport"]
        users = {name: part for name, part in _read(ari).items() if part.get("type") == "user"}
        name, part = next(iter(users.items()))
        return cls(f"http://127.0.0.1:{port}", name, part["password"])

    def get(self, path: str) -> Any:
        login = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - loopback as generated, or as described
            f"{self.url}/ari/{path}", headers={"Authorization": f"Basic {login}"}
        )
        tls = self.keys.client if self.keys is not None and self.url.startswith("https:") else None
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S, context=tls) as answer:  # noqa: S310
            return json.load(answer)


def _read(path: Path) -> dict[str, configparser.SectionProxy]:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.read(path)
    return {name: parser[name] for name in parser.sections()}


@dataclass(frozen=True, slots=True)
class Stock:
    """Legs under the engine's control, all channels, and bridges.

    Of several nodes: all of them, and which of ``nodes`` are ``silent``, whose stock is not known.
    """

    legs: frozenset[str]
    channels: frozenset[str]
    bridges: frozenset[str]
    nodes: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()

    def may_hide(self, customer_leg: str) -> bool:
        """Whether a contact may live on a node that did not answer: a leg that came in bears its node's name."""
        home = customer_leg.partition("-")[0]
        return home in self.silent if home in self.nodes else bool(self.silent)


class AsteriskSilent(Exception):
    """Asterisk's port is open and nothing sensible comes from it."""


def take_stock(door: AsteriskDoor) -> Stock | None:
    """Return what Asterisk has; None where it does not run. Raises ``AsteriskSilent``."""
    try:
        channels, bridges = door.get("channels"), door.get("bridges")
    except urllib.error.URLError as error:
        if isinstance(error.reason, ConnectionRefusedError):
            return None
        raise AsteriskSilent(str(error)) from error
    except (OSError, ValueError) as error:
        raise AsteriskSilent(str(error)) from error
    legs = {each["id"] for each in channels if each.get("dialplan", {}).get("app_name") == "Stasis"}
    return Stock(frozenset(legs), frozenset(each["id"] for each in channels), frozenset(each["id"] for each in bridges))


def take_stock_of_all(doors: Sequence[AsteriskDoor]) -> Stock:
    """Return what several nodes have together. One on whose machine no Asterisk runs has nothing."""
    found: list[Stock] = []
    silent: set[str] = set()
    for door in doors:
        try:
            stock = take_stock(door)
        except AsteriskSilent:
            silent.add(door.node)
        else:
            found += [stock] if stock else []
    return Stock(
        legs=frozenset().union(*(each.legs for each in found)),
        channels=frozenset().union(*(each.channels for each in found)),
        bridges=frozenset().union(*(each.bridges for each in found)),
        nodes=frozenset(door.node for door in doors),
        silent=frozenset(silent),
    )


def compare(books: Books, stories: Sequence[Story], stock: Stock) -> Iterator[Finding]:
    live = [story for story in stories if not story.is_over]
    names = {story.id for story in live}
    told = {str(event.body.get("leg")) for story in live for event in story.events}  # also a telephone's own calls
    told |= {story.customer_leg for story in live}
    for story in live:
        has_leg = story.customer_leg in stock.channels or any(_owner(leg) == story.id for leg in stock.channels)
        if not has_leg and not stock.may_hide(story.customer_leg) and _has_to(story, books):
            code = "leg_missing" if stock.channels else "contact_stays_open"
            yield Finding(code, story.id)
    for leg in stock.legs:
        if leg not in told and _owner(leg) not in names:
            yield Finding("leg_orphan", leg)
    for bridge in stock.bridges:
        if _owner(bridge) not in names:
            yield Finding("bridge_orphan", bridge)


def _has_to(story: Story, books: Books) -> bool:
    """Whether a contact must have a leg by now."""
    return not story.rests and books.now - story.events[0].at > YOUNG


def _owner(name: str) -> str:
    """The contact that a leg or bridge of ours is named after."""
    return name.partition("-")[0]
