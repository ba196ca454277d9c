"""A callback booked by keys on a real call: the questions are heard, the time is read back, and the list shows it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.asterisk.test_bad_calls import flow_of
from tests.harness.api import Api
from tests.harness.contact import calling
from tests.harness.product import Product
from tests.harness.prompts import hears_prompt
from tests.harness.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.extended]

CALLER = "13912345678"
ZONE = ZoneInfo("Asia/Shanghai")


async def test_a_caller_books_an_hour_by_keys_and_it_stands_in_the_list(product: Product, administrator: Api) -> None:
    (queue,) = (each for each in administrator.items("/queues") if each["name"] == "售后")
    graph = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "book", "kind": "booking", "config": {"queue": queue["id"]}},
            {"id": "bye", "kind": "hang_up", "config": {"reason": "nothing"}},
        ],
        "edges": [
            {"from": "start", "exit": "next", "to": "book"},
            *({"from": "book", "exit": exit_, "to": "bye"} for exit_ in ("no_number", "too_many", "full", "none")),
        ],
    }
    with flow_of(administrator, graph) as number:
        async with calling(product, to=number, caller=CALLER) as (call, contact):
            # the second day has all of its hours: 9 to 18, where the queue has no calendar
            for question, key in (("days", "2"), ("parts", "1"), ("hours", "2"), ("confirm_keys", "1")):
                await hears_prompt(product, call, f"booking_{question}")
                call.press(key)
            await hears_prompt(product, call, "booking_goodbye")
            assert await call.ended() == 0
        agreed = await contact.tells("CallbackAgreed")
        at = datetime.fromisoformat(agreed.body["place_at"]).astimezone(ZONE)
        assert (at.hour, at.minute) == (10, 0)
        assert timedelta(0) < at - datetime.now(ZONE) < timedelta(days=3)

        def row() -> dict[str, object] | None:
            rows = administrator.items("/callbacks?state=open")
            return next((each for each in rows if each["id"] == contact.id), None)

        await until(lambda: row() is not None, what="the booking stands in the list", within_s=20)
        shown = row()
        assert shown is not None
        assert (shown["asked_by"], shown["state"], shown["queue"]) == ("booking", "waiting", queue["id"])
        administrator.ask("POST", f"/callbacks/{contact.id}/cancel")
