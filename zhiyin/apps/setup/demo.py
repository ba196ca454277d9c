"""The removable demo company: a hotline, two queues, ten agents and forty customers, to be called at once."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.services import UserChange
from zhiyin.apps.channels import services as channels
from zhiyin.apps.customers import services as customers
from zhiyin.apps.flows import services as flows
from zhiyin.apps.flows.templates import menu_flow
from zhiyin.apps.queues import services as queues
from zhiyin.apps.setup import beginnings, demo_people, services
from zhiyin.apps.setup.models import SetupState
from zhiyin.apps.setup.queries import STEPS
from zhiyin.apps.tenancy.actors import Actor, system
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import postponed_publication, publish_settings
from zhiyin.apps.tenancy.scope import inside

CODE = "demo"
HOTLINE = "4008001234"
#: without the signs that are taken for each other when typed from a terminal
_SIGNS = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("0o1il")))
_PASSWORD_LENGTH = 10


@dataclass(frozen=True, slots=True)
class DemoLogins:
    """What to tell whoever started it: user name -> password, told this once."""

    company: str
    passwords: Mapping[str, str]


@transaction.atomic
def create_demo(*, password: str | None, today: date) -> DemoLogins:
    """Make the demo company. ``password``: the same for all users, else each gets a random one."""
    company = services.NewCompany(code=CODE, name="知音演示公司", is_demo=True)
    tenant = services.create_company(company)
    actor = system(tenant)
    usernames = [username for username, _ in (*demo_people.AGENTS, demo_people.LEAD, demo_people.ADMINISTRATOR)]
    passwords = {username: password or _random_password() for username in usernames}
    with postponed_publication():
        services.create_choices(tenant)
        agents = _create_users(tenant, passwords)
        after_sales = _create_queue(actor, "售后", "After-sales", demo_people.AFTER_SALES, agents)
        sales = _create_queue(actor, "销售", "Sales", demo_people.SALES, agents)
        _create_hotline(actor, after_sales, sales)
        channels.save_policy(actor=actor, fields={"allowed_prefixes": ["+86"], "caller_number": HOTLINE})
        _create_customers(actor, today)
        SetupState.objects.of(tenant).create(tenant=tenant, done=list(STEPS), is_dismissed=True)
    publish_settings(tenant=tenant)
    return DemoLogins(CODE, passwords)


def set_demo_password(*, tenant: Tenant, password: str) -> DemoLogins | None:
    """Give all the demo's users one password, as the command line asked. None: they have it already."""
    with inside(tenant):
        rows = User.objects.of(tenant).filter(removed_at__isnull=True)
        administrator = rows.filter(username=demo_people.ADMINISTRATOR[0]).first()
        if administrator is not None and check_password(password, administrator.password):
            return None
        usernames = list(rows.order_by("username").values_list("username", flat=True))
        rows.update(password=make_password(password))
        return DemoLogins(tenant.code, dict.fromkeys(usernames, password))


def _create_users(tenant: Tenant, passwords: Mapping[str, str]) -> dict[str, int]:
    people = [(username, name, "agent") for username, name in demo_people.AGENTS]
    people.append((*demo_people.LEAD, "lead"))
    people.append((*demo_people.ADMINISTRATOR, "administrator"))
    hashes = {password: make_password(password) for password in set(passwords.values())}
    users = {}
    for username, name, role in people:
        user = accounts.create_user_with_hash(
            actor=system(tenant),
            password_hash=hashes[passwords[username]],
            change=UserChange({"username": username, "name": name, "role": role}),
        )
        users[username] = user.pk
    return users


def _create_queue(actor: Actor, name: str, name_en: str, members: frozenset[str], agents: Mapping[str, int]) -> int:
    ids = [agents[username] for username in sorted(members)]
    return queues.create_queue(actor=actor, fields={"name": name, "name_en": name_en}, members=ids).pk


def _create_hotline(actor: Actor, after_sales: int, sales: int) -> None:
    hours = flows.create_hours(actor=actor, fields={"name": "全天", "weekly": beginnings.ALWAYS})
    graph = menu_flow(queues={"1": (after_sales, "售后"), "2": (sales, "销售")}, menu="menu", hours=hours.pk)
    flow = flows.create_flow(actor=actor, name="热线", graph=graph)
    flows.publish_flow(actor=actor, flow_id=flow.pk, now=flow.changed_at)
    channels.create_number(actor=actor, fields={"number": HOTLINE, "name": "服务热线", "flow_id": flow.pk})


def _create_customers(actor: Actor, today: date) -> None:
    for name, gender, level, company, number, address, hobbies, product, months in demo_people.CUSTOMERS:
        fields = {
            "name": name,
            "gender": gender,
            "level": level,
            "company": company,
            "address": address,
            "hobbies": hobbies,
            "product": product,
            "purchased_on": today - timedelta(days=30 * months) if product else None,
        }
        customers.create_customer(actor=actor, fields=fields, numbers=[customers.NumberChange(number=number)])


def _random_password() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_PASSWORD_LENGTH))
