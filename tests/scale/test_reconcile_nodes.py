"""Of several nodes reconciling knows what they have together, and what it cannot know."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.asterisk_adapter.instance import free_udp_port
from zhiyin.config.reconcile.asterisk_checks import AsteriskDoor, Stock, take_stock_of_all


def stock(*, silent: frozenset[str]) -> Stock:
    return Stock(frozenset(), frozenset(), frozenset(), nodes=frozenset({"a", "b"}), silent=silent)


@pytest.mark.parametrize(
    ("leg", "silent", "hides"),
    [
        ("a-1700000000.1", frozenset(), False),
        ("a-1700000000.1", frozenset({"b"}), False),
        ("b-1700000000.1", frozenset({"b"}), True),
        ("01a207fde149-c1", frozenset({"b"}), True),
        ("01a207fde149-c1", frozenset(), False),
    ],
    ids=["all answer", "on another node", "on that node", "a leg that we rang", "rang, and all answer"],
)
def test_only_what_may_live_on_a_node_that_is_silent_is_not_missed(
    leg: str, silent: frozenset[str], hides: bool
) -> None:
    assert stock(silent=silent).may_hide(leg) == hides


@pytest.fixture
def broken() -> Iterator[str]:
    """A server that answers nothing sensible."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(500)

        def log_message(self, *_given: object) -> None:
            """Nothing is told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_node_that_does_not_answer_is_unknown_and_one_without_asterisk_has_nothing(broken: str) -> None:
    nobody = f"http://127.0.0.1:{free_udp_port()}"
    found = take_stock_of_all([AsteriskDoor(broken, "x", "y", node="a"), AsteriskDoor(nobody, "x", "y", node="b")])
    assert found.silent == {"a"}
    assert found.nodes == {"a", "b"}
    assert found.channels == frozenset()
