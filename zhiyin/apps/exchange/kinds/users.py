"""Importing users: by user name; whoever is new gets a first password, handed over once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet
from django.utils import timezone
from pydantic import StringConstraints, TypeAdapter, ValidationError

from zhiyin.apps.accounts import queries, services
from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.services import UserChange
from zhiyin.apps.exchange.kinds.base import (
    YES_NO,
    Differs,
    Effect,
    ImportField,
    ParsedRow,
    choice_of,
    differing,
    parts_of,
)
from zhiyin.apps.exchange.models import Import, ImportRow
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.publication import publish_settings

Outcome = ImportRow.Outcome

_CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "role": {
        "agent": ("座席", "坐席", "客服"),
        "lead": ("班长", "组长", "team lead", "supervisor"),
        "administrator": ("管理员", "admin"),
    },
    "telephone": {"browser": ("浏览器", "网页电话", "软电话"), "sip": ("话机", "SIP话机", "SIP telephone")},
    "language": {"zh": ("中文", "Chinese"), "en": ("英文", "英语", "English")},
    "is_active": YES_NO,
}
_FIELDS = (
    ImportField(
        "username",
        "用户名",
        "User name",
        is_required=True,
        also=("账号", "登录名", "工号", "login"),
        example=("zhangsan", "alice"),
    ),
    ImportField("name", "姓名", "Name", is_required=True, also=("名字", "full name"), example=("张三", "Alice Smith")),
    ImportField("role", "角色", "Role", also=("岗位",), example=("座席", "agent")),
    ImportField("queues", "技能组", "Queues", also=("队列", "班组", "skill groups"), example=("售后;投诉", "Support")),
    ImportField("telephone", "话机", "Telephone", also=("电话方式",), example=("浏览器", "browser")),
    ImportField("language", "语言", "Language", example=("中文", "English")),
    ImportField("is_active", "启用", "Active", also=("状态", "enabled"), example=("是", "yes")),
    ImportField("password", "初始密码", "Initial password", also=("密码",)),
)
_NAMES = {
    "username": TypeAdapter(Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\s/@:;<>\"]+$")]),
    "name": TypeAdapter(Annotated[str, StringConstraints(max_length=100)]),
}
#: letters and digits that nobody mistakes for another when they are read out
_PASSWORD_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - what passwords are made of


class Users:
    code = "users"
    zh, en = "用户", "Users"
    right = "admin"
    #: each new user's password costs some 50 ms to hash
    batch = 20
    has_secrets = True

    def fields(self, actor: Actor) -> Sequence[ImportField]:  # noqa: ARG002 - other kinds ask the company
        return _FIELDS

    def begin(self, actor: Actor, *, on_match: str, is_trial: bool) -> UserLoader:
        return UserLoader(actor, on_match=on_match, is_trial=is_trial)


class UserLoader:
    def __init__(self, actor: Actor, *, on_match: str, is_trial: bool) -> None:
        self._actor = actor
        self._does_change = on_match == Import.OnMatch.CHANGE
        self._is_trial = is_trial
        self._queues = {row.name.casefold(): row.pk for row in queues.list_queues(tenant=actor.tenant)}

    def _known(self) -> QuerySet[User]:
        return queries.list_users(tenant=self._actor.tenant)

    def parse(self, given: Mapping[str, str]) -> ParsedRow:
        values: dict[str, Any] = {}
        problems: dict[str, str] = {}
        for code, cell in given.items():
            if not cell:
                continue
            try:
                values[code] = self._value(code, cell)
            except ValueError as error:
                problems[code] = str(error)
        for code in ("username", "name"):
            if code not in values and code not in problems:
                problems[code] = "missing"
        key = str(values.get("username", "")).casefold()
        return ParsedRow(values, (f"user:{key}",) if key else (), problems)

    def _value(self, code: str, cell: str) -> Any:
        if code in _CHOICES:
            choice = choice_of(cell, _CHOICES[code])
            if choice is None:
                raise ValueError("unknown_choice")
            return choice == "yes" if code == "is_active" else choice
        if code == "queues":
            found = [self._queues.get(name.casefold()) for name in parts_of(cell)]
            if None in found:
                raise ValueError("unknown_queue")
            return sorted(queue for queue in found if queue is not None)
        if code in ("username", "name"):
            try:
                return _NAMES[code].validate_python(cell)
            except ValidationError as error:
                raise ValueError(str(error.errors()[0]["type"])) from error
        return cell

    def perform(self, row: ParsedRow) -> Effect:
        password = str(row.values.get("password", ""))
        wanted = {name: value for name, value in row.values.items() if name != "password"}
        known = self._known().filter(username__iexact=wanted["username"]).first()
        if known is None:
            return self._create(wanted, password)
        if not self._does_change:
            return Effect(Outcome.SKIPPED, known.pk, known.name)
        before = self._present(known, wanted)
        changed = {name: value for name, value in wanted.items() if before[name] != value}
        if not changed:
            return Effect(Outcome.UNCHANGED, known.pk, known.name)
        services.update_user(actor=self._actor, user_id=known.pk, change=_change(changed))
        return Effect(Outcome.CHANGED, known.pk, wanted["name"], {name: before[name] for name in changed}, changed)

    def _create(self, wanted: dict[str, Any], password: str) -> Effect:
        if password:
            services.check_strength(password, User(tenant=self._actor.tenant, username=wanted["username"]))
        secret = password or "".join(secrets.choice(_PASSWORD_SIGNS) for _ in range(12))
        user = services.create_user_with_hash(
            actor=self._actor,
            password_hash="!" if self._is_trial else make_password(secret),
            change=_change(wanted),
        )
        # a password that stood in the file is known to whoever sent it
        return Effect(Outcome.CREATED, user.pk, user.name, None, wanted, "" if password else secret)

    def undo(self, effect: Effect) -> None:
        user = self._known().filter(pk=effect.subject_id or 0).first()
        if user is None:
            return
        differences = differing(self._present(user, effect.after or {}), effect.after or {})
        if effect.outcome == Outcome.CREATED and user.last_login is not None:
            differences.append("last_login")
        if differences:
            raise Differs(differences)
        if effect.outcome == Outcome.CREATED:
            services.remove_user(actor=self._actor, user_id=user.pk, now=timezone.now())
            return
        services.update_user(actor=self._actor, user_id=user.pk, change=_change(effect.before or {}))

    def close(self) -> None:
        publish_settings(tenant=self._actor.tenant)

    def _present(self, user: User, named: Mapping[str, Any]) -> dict[str, Any]:
        present = {name: getattr(user, name) for name in named if name not in ("queues", "role")}
        if "role" in named:
            present["role"] = user.role.code
        if "queues" in named:
            served = queues.queues_by_user(tenant_id=user.tenant_id, user_ids=[user.pk])
            present["queues"] = sorted(served.get(user.pk, []))
        return present


def _change(values: Mapping[str, Any]) -> UserChange:
    return UserChange(
        {name: value for name, value in values.items() if name != "queues"},
        values.get("queues"),
    )
