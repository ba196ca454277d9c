"""One real call in the logs: its story through all parts, and nothing of the caller's in any of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress

import psycopg
import pytest

from tests.harness.api import Api
from tests.harness.contact import calling, has_recording
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent
from tests.harness.waiting import until, until_async, wait_until

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALLER = "13987650123"


async def test_a_call_is_told_by_its_id_and_the_caller_by_nothing(product: Product, agent: SipAgent, lead: Api) -> None:
    async with calling(product, caller=CALLER) as (call, contact):
        call.press("1")
        await agent.answer()
        await agent.desk.do("Hold", interaction=contact.id)
        await agent.desk.is_in("hold")
        await call.hang_up()
    await contact.record(lead, when=has_recording)
    with Api(product, "1001") as api:
        draft = api.read(f"/interactions/{contact.id}/wrap-up")
        api.ask("PUT", f"/interactions/{contact.id}/wrap-up", {"version": draft["version"], "note": f"call {CALLER}"})
    said_of_it = story(product, contact.id)
    told = [json.loads(line) for line in said_of_it.splitlines()]
    assert {"log", "engine", "web", "worker"} <= {each["part"] for each in told}
    said = [each["said"] for each in told]
    assert said.index("InteractionStarted") < said.index("command") < said.index("InteractionEnded")
    assert said.index("InteractionEnded") < said.index("recording_finished")
    assert [each["at"] for each in told] == sorted(each["at"] for each in told)
    assert CALLER not in said_of_it
    for file in (product.data / "log").iterdir():
        assert CALLER not in file.read_text(errors="replace"), f"{file.name} names the caller"
    await agent.be_ready()


NAME, MAIL, CALLED = "司徒婉清", "wanqing.situ@example.com", "13987650456"


async def test_a_day_with_imports_refusals_and_merges_names_nobody_in_any_log(
    product: Product, agent: SipAgent, administrator: Api
) -> None:
    """What goes wrong is where names and numbers come into logs: rows that are refused, calls that reach nobody."""
    _import(administrator, f"姓名,电话,邮箱\n{NAME},{CALLED},{MAIL}\n{NAME},不是号码 {CALLED},{MAIL}{MAIL}\n")
    (kept,) = [row["id"] for row in administrator.items("/customers", search=NAME)]
    twin = administrator.ask("POST", "/customers", {"name": NAME, "emails": [MAIL]})["id"]
    for path, body in (
        (f"/customers/{kept}", {"emails": [MAIL, MAIL], "note": NAME}),
        (f"/customers/{kept}", {"version": 0, "name": NAME}),
        ("/customers", {"name": NAME, "numbers": [{"number": f"{CALLED}{CALLED}{CALLED}"}]}),
    ):
        with suppress(AssertionError):  # refused or not: it was asked
            administrator.ask("PATCH" if "/customers/" in path else "POST", path, body)
    administrator.ask("POST", "/merges", {"kept_id": kept, "merged_id": twin})
    with psycopg.connect(host=str(product.run_folder), user="owner", dbname="zhiyin") as database:
        for refused in (
            f"INSERT INTO customers_customer SELECT * FROM customers_customer WHERE name = '{NAME}'",
            f"SELECT '{NAME} {CALLED}'::int",
        ):
            with pytest.raises(psycopg.Error), database.transaction():
                database.execute(refused.encode())
    trunk = administrator.ask(
        "POST", "/trunks", {"name": "无人", "host": "127.0.0.1", "port": 9, "username": "u", "secret": "s"}
    )

    async def is_dialled() -> bool:
        return await agent.desk.ask("Dial", number=CALLED) is None

    try:
        await until_async(is_dialled, what="the engine knows the trunk")
        (await agent.rings()).answer()
        await agent.desk.is_in("dialling")
        await until(lambda: agent.desk.state != "dialling", what="the trunk leads nowhere", within_s=60)
        await agent.be_ready()
    finally:
        administrator.ask("DELETE", f"/trunks/{trunk['id']}")
    told = {
        (file.name, word)
        for file in (product.data / "log").iterdir()
        for word in (NAME, CALLED, MAIL, CALLER)
        if word in file.read_text(errors="replace")
    }
    assert told == set()
    assert "司徒" not in "\n".join(product.said)


def _import(administrator: Api, content: str) -> None:
    made = administrator.send_file("/imports", {"kind": "customers"}, name=f"{NAME}.csv", content=content.encode())[
        "id"
    ]
    for order, state in (("check", "checked"), ("run", "done")):
        administrator.ask("POST", f"/imports/{made}/{order}")
        wait_until(
            lambda state=state: administrator.read(f"/imports/{made}")["state"] == state,  # type: ignore[misc]
            what=f"the import is {state}",
            within_s=60,
        )


def story(product: Product, interaction: str) -> str:
    command = ["logs", "--json", "--call", interaction, "--data", str(product.data)]
    return subprocess.run(
        [sys.executable, "-m", "zhiyin.config.cli", *command],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    ).stdout
