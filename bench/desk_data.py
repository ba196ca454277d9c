"""A company as it is after years, made from a seed: customers, their contacts and what was written down.

The same seed and counts make the same rows, but for the instants, which count back from the start of today. Rows are
copied in past the services (a day's work of the services would take a week), by the columns of Django's own models, so
that a column that is added later is filled with its default. Words for searching are the product's own.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from django.db import models
from django.db.models.fields.json import JSONField
from pypinyin import lazy_pinyin

from zhiyin.apps.accounts.models import User
from zhiyin.apps.customers.models import (
    Customer,
    CustomerAddress,
    CustomerEmail,
    CustomerNumber,
    CustomerTag,
    OwnedProduct,
    Tag,
)
from zhiyin.apps.customers.search_keys import Findable, words_of
from zhiyin.apps.followups.models import FollowUp, Note
from zhiyin.apps.interactions.models import CustomerLink, Interaction, Recording, Segment, WrapUp
from zhiyin.contracts.events import EVENT_TYPES, encode_body, interaction_stream
from zhiyin.domain import interactions as i

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂文辉华红玉萍建春梅兰英志海燕云飞鹏宇浩晨欣怡梓涵思雨佳琪"
TRADES = ("科技", "贸易", "物流", "餐饮", "医疗器械", "家居", "教育咨询", "机电设备", "食品", "软件")
PLACES = (("浙江省", "杭州市"), ("上海市", "上海市"), ("广东省", "深圳市"), ("四川省", "成都市"), ("湖北省", "武汉市"))
TAGS = ("团购", "续费", "投诉过", "老用户", "企业", "试用", "转介绍", "重点", "外地", "易怒")
#: how many agents work there
AGENTS = 200
#: one customer has this many contacts, so that a long timeline is measured
CONTACTS_OF_THE_BUSIEST = 5_000
BUSIEST = 0
LIVE_CALLS = 2_000


@dataclass(frozen=True)
class Size:
    customers: int = 500_000
    interactions: int = 2_000_000
    seed: int = 1


@dataclass(frozen=True)
class Company:
    """What of the company stands already: its id, its people and queues."""

    tenant: int
    users: tuple[int, ...]
    agents: tuple[int, ...]
    queues: tuple[int, ...]


@dataclass(frozen=True)
class Made:
    """What the bench asks for: the first customer's id, live calls with their callers."""

    first_customer: int
    customers: int
    busiest: int
    calls: tuple[str, ...]


class Filler:
    """Copies a company of ``size`` into the database that ``connection``, an owner's, is connected to."""

    def __init__(self, connection: psycopg.Connection[Any], company: Company, size: Size) -> None:
        self._connection = connection
        self._company = company
        self._size = size
        self._midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self._first = self._next_id(Customer)
        #: the primary number of each customer, in their order
        self._numbers: list[str] = []

    def fill(self) -> Made:
        """Make everything in one transaction and let the planner know. The connection commits by itself."""
        with self._connection.transaction():
            calls = self._fill()
        self._connection.execute("VACUUM (ANALYZE)")
        return Made(self._first, self._size.customers, self._first + BUSIEST, calls)

    def _fill(self) -> tuple[str, ...]:
        self._hire()
        self._copy(Customer, self._customers())
        self._copy(CustomerNumber, self._customer_numbers())
        self._copy(CustomerEmail, self._emails())
        self._copy(CustomerAddress, self._addresses())
        self._copy(CustomerTag, self._tags())
        self._copy(OwnedProduct, self._products())
        self._write_search_words()
        self._copy(Interaction, self._interactions())
        self._copy(Segment, self._segments())
        self._copy(CustomerLink, self._links())
        self._copy(WrapUp, self._wrap_ups())
        self._copy(Recording, self._recordings())
        self._write_callers()
        self._copy(Note, self._notes())
        self._copy(FollowUp, self._follow_ups())
        calls = self._write_live_calls()
        self._set_sequences()
        return calls

    def _random(self, what: str) -> random.Random:
        return random.Random(f"{self._size.seed} {what}")

    def _hire(self) -> None:
        """Add agents to the demo's, each like its first but for the name."""
        company = self._company
        first, like, others = self._next_id(User), company.agents[0], AGENTS - len(company.agents)
        columns = [field.column for field in User._meta.concrete_fields]
        own = {"id": "%s + n", "username": "'bench' || n", "name": "name || n"}
        chosen = ", ".join(own.get(name, name) for name in columns)
        self._connection.execute(
            f"INSERT INTO accounts_user ({', '.join(columns)}) "
            f"SELECT {chosen} FROM accounts_user, generate_series(0, %s) AS n WHERE id = %s",
            (first, others - 1, like),
        )
        hired = tuple(range(first, first + others))
        self._company = replace(company, users=(*company.users, *hired), agents=(*company.agents, *hired))

    # customers

    def _customers(self) -> Iterator[dict[str, Any]]:
        chance = self._random("customers")
        for number in range(self._size.customers):
            is_company = chance.random() < 0.06
            name = _company_name(chance) if is_company else _person_name(chance)
            month = chance.randint(1, 12)
            yield {
                "id": self._first + number,
                "kind": "company" if is_company else "person",
                "name": name,
                "pinyin": _pinyin(name),
                "company": _company_name(chance) if chance.random() < 0.3 else "",
                "level": chance.choices(("ordinary", "important", "vip"), (90, 8, 2))[0],
                "birth_month": None if is_company else month,
                "birth_day": None if is_company else chance.randint(1, 28),
                "monthly_value": round(chance.paretovariate(1.4) * 30, 2),
                "owner_id": chance.choice(self._company.users) if chance.random() < 0.7 else None,
                "created_at": self._past(chance, days=1500),
                "changed_at": self._past(chance, days=400),
            }

    def _customer_numbers(self) -> Iterator[dict[str, Any]]:
        chance = self._random("numbers")
        for customer in self._ids():
            for position in range(chance.choices((1, 2, 3), (80, 15, 5))[0]):
                digits = f"1{chance.choice('35789')}{chance.randrange(10**9):09d}"
                if position == 0:
                    self._numbers.append(f"+86{digits}")
                yield {
                    "customer_id": customer,
                    "number": f"+86{digits}",
                    "digits": digits,
                    "use": "mobile",
                    "position": position,
                }

    def _emails(self) -> Iterator[dict[str, Any]]:
        chance = self._random("emails")
        for customer in self._ids():
            if chance.random() < 0.3:
                yield {"customer_id": customer, "email": f"c{customer}.{chance.randrange(10**4)}@example.com"}

    def _addresses(self) -> Iterator[dict[str, Any]]:
        chance = self._random("addresses")
        for customer in self._ids():
            if chance.random() < 0.5:
                province, city = chance.choice(PLACES)
                yield {
                    "customer_id": customer,
                    "province": province,
                    "city": city,
                    "line": f"解放路{chance.randint(1, 900)}号",
                }

    def _tags(self) -> Iterator[dict[str, Any]]:
        first = self._next_id(Tag)
        self._copy(Tag, ({"id": first + at, "name": name} for at, name in enumerate(TAGS)))
        chance = self._random("tags")
        for customer in self._ids():
            for tag in chance.sample(range(len(TAGS)), chance.choices((0, 1, 2), (60, 30, 10))[0]):
                yield {"customer_id": customer, "tag_id": first + tag}

    def _products(self) -> Iterator[dict[str, Any]]:
        chance = self._random("products")
        for customer in self._ids():
            if chance.random() < 0.6:
                bought = self._midnight.date() - timedelta(days=chance.randrange(1500))
                yield {
                    "customer_id": customer,
                    "name": f"智能门锁 S{chance.randint(1, 9)}",
                    "purchased_on": bought,
                    "warranty_until": bought + timedelta(days=730),
                }

    def _write_search_words(self) -> None:
        tenant = self._company.tenant
        self._connection.execute("CREATE TEMP TABLE given (customer_id bigint, words text)")
        found = self._connection.execute(
            """SELECT c.id, c.name, c.company, c.pinyin,
                      (SELECT array_agg(n.number) FROM customers_customernumber n WHERE n.customer_id = c.id),
                      (SELECT array_agg(e.email) FROM customers_customeremail e WHERE e.customer_id = c.id)
               FROM customers_customer c WHERE c.id >= %s ORDER BY c.id""",
            (self._first,),
        )
        with self._connection.cursor().copy("COPY given FROM STDIN") as copy:
            for customer, name, company, pinyin, numbers, emails in found:
                pairs = tuple((number, number.removeprefix("+86")) for number in numbers or ())
                findable = Findable(name, company, pinyin, pairs, tuple(emails or ()))
                copy.write_row((customer, "\n".join(words_of(findable, tenant_id=tenant))))
        self._connection.execute(
            """INSERT INTO customers_searchentry (customer_id, tenant_id, keys)
               SELECT customer_id, %s, array_to_tsvector(string_to_array(words, E'\\n')) FROM given""",
            (tenant,),
        )

    # contacts

    def _contacts(self) -> Iterator[tuple[int, str, int, datetime, random.Random]]:
        """Yield (number, id, place of the customer, beginning, chance) of each contact; the same at every call."""
        for number in range(self._size.interactions):
            chance = random.Random(self._size.seed * 10**9 + number)
            is_of_busiest = number < CONTACTS_OF_THE_BUSIEST
            place = BUSIEST if is_of_busiest else min(int(chance.paretovariate(0.9)), self._size.customers) - 1
            if not is_of_busiest and chance.random() < 0.8:
                place = chance.randrange(self._size.customers)
            yield number, f"{number:028x}", place, self._past(chance, days=730), chance

    def _interactions(self) -> Iterator[dict[str, Any]]:
        for number, contact, _, began, chance in self._contacts():
            is_inbound, is_answered = chance.random() < 0.75, chance.random() < 0.9
            talk_s = chance.expovariate(1 / 150)
            ended = began + timedelta(seconds=20 + talk_s * is_answered)
            yield {
                "id": contact,
                "direction": "inbound" if is_inbound else "outbound",
                "channel": "voice",
                "customer_ref": f"{contact}-n",
                "entry": "4008001234",
                "queue_id": self._company.queues[number % len(self._company.queues)] if is_inbound else None,
                "agent_id": self._company.agents[number % len(self._company.agents)] if is_answered else None,
                "started_at": began,
                "queued_at": began + timedelta(seconds=8) if is_inbound else None,
                "answered_at": began + timedelta(seconds=20) if is_answered else None,
                "ended_at": ended,
                "ended_by": "customer",
                "end_reason": "hangup",
                "outcome": "answered" if is_answered else "abandoned" if is_inbound else "not_reached",
                "wait_s": 12.0 if is_inbound else 0,
                "talk_s": talk_s if is_answered else 0,
                "is_recorded": is_answered,
            }

    def _segments(self) -> Iterator[dict[str, Any]]:
        for number, contact, _, began, _ in self._contacts():
            queue = self._company.queues[number % len(self._company.queues)]
            agent = self._company.agents[number % len(self._company.agents)]
            answered = began + timedelta(seconds=20)
            yield _segment(contact, "queue", 0, queue, None, began + timedelta(seconds=8), answered, "answered")
            left = answered + timedelta(seconds=120)
            yield _segment(contact, "talk", 1, None, agent, answered, left, "customer_left")

    def _links(self) -> Iterator[dict[str, Any]]:
        for _, contact, place, began, _ in self._contacts():
            yield {"interaction_id": contact, "customer_id": self._first + place, "at": began}

    def _wrap_ups(self) -> Iterator[dict[str, Any]]:
        users = self._company.users
        for number, contact, _, began, chance in self._contacts():
            if chance.random() < 0.6:
                yield {
                    "interaction_id": contact,
                    "user_id": users[number % len(users)],
                    "result": chance.choices(("resolved", "follow_up", "escalated"), (80, 15, 5))[0],
                    "note": "客户询问发货时间，已告知三天内到。",
                    "completed_at": began + timedelta(minutes=5),
                }

    def _recordings(self) -> Iterator[dict[str, Any]]:
        for number, contact, _, began, chance in self._contacts():
            if chance.random() < 0.5:
                yield {
                    "id": f"{contact}-r1",
                    "interaction_id": contact,
                    "agent_id": self._company.agents[number % len(self._company.agents)],
                    "queue_id": self._company.queues[number % len(self._company.queues)],
                    "started_at": began + timedelta(seconds=20),
                    "ended_at": began + timedelta(seconds=140),
                    "state": "ready",
                }

    def _write_callers(self) -> None:
        with self._connection.cursor().copy(
            "COPY event_personal (tenant_id, ref, subject, kind, value) FROM STDIN"
        ) as copy:
            for _, contact, place, _, _ in self._contacts():
                stream = interaction_stream(contact)
                copy.write_row((self._company.tenant, f"{contact}-n", stream, "number", self._numbers[place]))

    # what was written down

    def _notes(self) -> Iterator[dict[str, Any]]:
        chance = self._random("notes")
        for _ in range(self._size.customers // 2):
            yield {
                "customer_id": self._first + chance.randrange(self._size.customers),
                "author_id": chance.choice(self._company.users),
                "text": "喜欢下午接电话。",
                "created_at": self._past(chance, days=700),
            }

    def _follow_ups(self) -> Iterator[dict[str, Any]]:
        chance = self._random("follow-ups")
        for _ in range(self._size.customers // 2):
            due = self._past(chance, days=365) + timedelta(days=14)
            is_done = due < self._midnight and chance.random() < 0.95
            yield {
                "customer_id": self._first + chance.randrange(self._size.customers),
                "owner_id": chance.choice(self._company.users),
                "subject": "回访安装情况",
                "state": "done" if is_done else "planned",
                "due_at": due,
                "closed_at": due if is_done else None,
                "created_at": due - timedelta(days=3),
            }

    def _write_live_calls(self) -> tuple[str, ...]:
        """Begin calls that wait in a queue, as the engine writes them, from known customers."""
        chance, tenant, queue = self._random("live"), self._company.tenant, self._company.queues[0]
        now = datetime.now(UTC)
        calls = tuple(f"f{number:027x}" for number in range(LIVE_CALLS))
        places = [chance.randrange(self._size.customers) for _ in calls]
        with self._connection.cursor().copy(
            "COPY event_log (tenant_id, stream, epoch, seq, stream_month, at, type, version, body) FROM STDIN"
        ) as copy:
            for call in calls:
                started = i.InteractionStarted(
                    i.Direction.INBOUND, "voice", f"{call}-leg", f"{call}-n", "4008001234", "trunk:1", 1, 1
                )
                for seq, event in enumerate((started, i.QueueEntered(queue)), 1):
                    name = type(event).__name__
                    body = encode_body(event).decode()
                    version = EVENT_TYPES[name][0]
                    copy.write_row(
                        (tenant, interaction_stream(call), 1, seq, f"{now:%Y-%m}-01", now, name, version, body)
                    )
        with self._connection.cursor().copy(
            "COPY event_personal (tenant_id, ref, subject, kind, value) FROM STDIN"
        ) as copy:
            for call, place in zip(calls, places, strict=True):
                copy.write_row((tenant, f"{call}-n", interaction_stream(call), "number", self._numbers[place]))
        linked = (
            {"interaction_id": call, "customer_id": self._first + place, "at": now}
            for call, place in zip(calls, places, strict=True)
        )
        self._copy(CustomerLink, linked)
        return calls

    # the way in

    def _ids(self) -> range:
        return range(self._first, self._first + self._size.customers)

    def _past(self, chance: random.Random, *, days: int) -> datetime:
        """Return an instant of the last ``days``, in the hours of work."""
        return self._midnight - timedelta(days=chance.randrange(days), seconds=-chance.randrange(3600, 10 * 3600))

    def _next_id(self, model: type[models.Model]) -> int:
        found = self._connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {model._meta.db_table}").fetchone()
        assert found is not None
        return int(found[0])

    def _copy(self, model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
        """Copy ``rows`` in; what a row does not name has the model's default."""
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return
        defaults = self._defaults(model, set(first))
        columns = ", ".join((*first, *defaults))
        rest = tuple(defaults.values())
        with self._connection.cursor().copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
            for row in itertools.chain((first,), rows):
                copy.write_row((*row.values(), *rest))

    def _defaults(self, model: type[models.Model], given: set[str]) -> dict[str, Any]:
        found: dict[str, Any] = {"tenant_id": self._company.tenant} if "tenant_id" not in given else {}
        for field in model._meta.concrete_fields:
            if field.column in given or field.column == "tenant_id" or isinstance(field, models.AutoField):
                continue
            if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
                found[field.column] = self._midnight
            elif isinstance(field, JSONField):
                found[field.column] = None if field.null else json.dumps(field.get_default())
            else:
                found[field.column] = field.get_default()
        return found

    def _set_sequences(self) -> None:
        for model in (Customer, Tag, User):
            table = model._meta.db_table
            self._connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )


def _segment(*values: Any) -> dict[str, Any]:
    return dict(zip(_SEGMENT, values, strict=True))


_SEGMENT = ("interaction_id", "kind", "number", "queue_id", "agent_id", "started_at", "ended_at", "outcome")


def _person_name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choice(GIVEN) for _ in range(chance.choice((1, 2, 2, 2))))


def _company_name(chance: random.Random) -> str:
    return f"{_person_name(chance)[1:]}{chance.choice(TRADES)}有限公司"


def _pinyin(name: str) -> str:
    """The likeliest reading alone; the product's own keys have more, at a hundred times the cost."""
    syllables = [_SYLLABLES.get(sign) or lazy_pinyin(sign)[0] for sign in name]
    return f"{''.join(syllable[0] for syllable in syllables)} {''.join(syllables)}"


_SYLLABLES = {sign: lazy_pinyin(sign)[0] for sign in {*SURNAMES, *GIVEN, *"".join(TRADES), *"有限公司"}}
