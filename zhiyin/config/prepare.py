"""What stands before engine, web and worker start: tables, roles' rights, the demo company, settings in force.

Runs as the database's owner. A start that finds everything current asks two questions in plain SQL, makes the coming
months' parts of the log, and loads no Django.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from zhiyin.config.environment import Environment
from zhiyin.config.first_company import see_to_setup_code
from zhiyin.config.restored_erasures import UNREADABLE_AUDIT, erase_again, has_missing_erasures
from zhiyin.config.restored_log import renumber_restored_log
from zhiyin.contracts import person_keys

_PACKAGE = Path(__file__).resolve().parent.parent
#: everything that the shape and the rights of the database, and the settings in force, are made from
_SOURCES = ("apps/**/*.py", "contracts/*.py", "config/settings.py", "config/prepare.py")
_CONNECT_WITHIN_S = 10


def run(environment: Environment, *, demo: bool, demo_password: str | None) -> None:
    """Bring the database up to date; with ``demo`` make the demo company where there is no company at all.

    New passwords, and the setup code while there is no company, are written to standard output, this once. Safe to
    repeat; each time makes another setup code.
    """
    present = _fingerprint(environment.prompts)
    person_keys.make(environment.data)
    with psycopg.connect(environment.db_owner, autocommit=True, connect_timeout=_CONNECT_WITHIN_S) as connection:
        remembered = _remembered(connection)
        is_current = remembered.get("prepared") == present
        wants_demo = demo and (demo_password is not None or _lacks_company(connection, remembered))
        if not is_current or wants_demo:
            _prepare(environment, is_current=is_current, demo=wants_demo, demo_password=demo_password)
            _remember(connection, "prepared", present)
        renumber_restored_log(connection)
        is_unreadable = UNREADABLE_AUDIT in remembered
        if is_unreadable or has_missing_erasures(environment.data, connection):
            erase_again(environment)
            connection.execute("DELETE FROM installation WHERE name = %s", (UNREADABLE_AUDIT,))
        _make_log_months(connection, datetime.now(UTC))
        see_to_setup_code(environment, connection)


def _fingerprint(prompts: Path) -> str:
    """Return a digest of the program and of the prompts that it publishes."""
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for file in sorted(_PACKAGE.glob(pattern)):
            if "tests" not in file.parts:
                digest.update(str(file.relative_to(_PACKAGE)).encode() + b"\0" + file.read_bytes())
    for file in sorted((prompts / "standard").glob("*/*.alaw")):
        digest.update(str(file).encode())
    return digest.hexdigest()


def _remembered(connection: psycopg.Connection[tuple[object, ...]]) -> Mapping[str, str]:
    """Return what this installation remembers; nothing before its first table."""
    if connection.execute("SELECT to_regclass('public.installation')").fetchone() == (None,):
        return {}
    return {str(name): str(value) for name, value in connection.execute("SELECT name, value FROM installation")}


def _remember(connection: psycopg.Connection[tuple[object, ...]], name: str, value: str) -> None:
    connection.execute(
        "INSERT INTO installation (name, value) VALUES (%s, %s) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def _lacks_company(connection: psycopg.Connection[tuple[object, ...]], remembered: Mapping[str, str]) -> bool:
    """Whether nobody works here and no demo was made yet; a demo that was removed is not made again."""
    if "demo" in remembered:
        return False
    return not remembered or connection.execute("SELECT 1 FROM tenancy_tenant LIMIT 1").fetchone() is None


def _make_log_months(connection: psycopg.Connection[tuple[object, ...]], now: datetime) -> None:
    """This month's and the next month's part of the log; a scheduled job makes the later ones."""
    for day in (now, now.replace(day=1) + timedelta(days=32)):
        connection.execute("SELECT make_event_log_month(%s)", (day.date(),))


def _prepare(environment: Environment, *, is_current: bool, demo: bool, demo_password: str | None) -> None:
    """The part that needs Django: migrations, rights, the demo, settings published anew."""
    os.environ.update(environment.to_environ())
    os.environ["ZHIYIN_DB_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiyin.config.settings")
    import django  # noqa: PLC0415 - the environment first

    django.setup()
    if not is_current:
        _bring_schema_up_to_date()
    if demo:
        see_to_demo(demo_password)
    if not is_current:
        _publish_what_changed()


def _bring_schema_up_to_date() -> None:
    from django.core.management import call_command  # noqa: PLC0415 - after setup

    from zhiyin.apps.privacy import touching  # noqa: PLC0415
    from zhiyin.apps.tenancy import row_security  # noqa: PLC0415
    from zhiyin.config.fresh_schema import is_fresh, only_what_changes  # noqa: PLC0415
    from zhiyin.config.settings import role_names  # noqa: PLC0415

    with only_what_changes() if is_fresh() else nullcontext():
        call_command("migrate", verbosity=0, interactive=False)
    row_security.secure(row_security.Roles(**role_names()))
    touching.secure()


def see_to_demo(password: str | None) -> None:
    """Make the demo company where there is none, or give its users this password; say who they are. Needs Django."""
    from django.db import connection  # noqa: PLC0415 - after setup

    from zhiyin.apps.setup import demo  # noqa: PLC0415
    from zhiyin.apps.tenancy.models import Tenant  # noqa: PLC0415

    present = Tenant.objects.filter(is_demo=True).first()
    if present is not None:
        if password and (changed := demo.set_demo_password(tenant=present, password=password)) is not None:
            _tell_whose(changed.company, changed.passwords)
        return
    if Tenant.objects.exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM installation WHERE name = 'demo'")
        if cursor.fetchone():
            return
        logins = demo.create_demo(password=password, today=datetime.now(UTC).date())
        cursor.execute("INSERT INTO installation (name, value) VALUES ('demo', 'made')")
    if password is None:
        _tell(logins.company, logins.passwords)
    else:
        _tell_whose(logins.company, logins.passwords)


def _tell(company: str, passwords: Mapping[str, str]) -> None:
    """Show the demo's random passwords: they are stored nowhere in clear."""
    _say(
        f"Demo company / 演示公司: {company}",
        "These passwords are shown only this once / 以下密码仅显示一次:",
        *(f"  {username:<8} {password}" for username, password in passwords.items()),
    )


def _tell_whose(company: str, usernames: Iterable[str]) -> None:
    """Name whom the given password is for; it is not repeated, as what is written here may be kept."""
    _say(
        f"Demo company / 演示公司: {company}",
        "Users with the password given by --demo-password / 使用 --demo-password 所给密码登录的用户:",
        f"  {'  '.join(usernames)}",
    )


def _say(*words: str) -> None:
    lines = ["", *words, ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _publish_what_changed() -> None:
    """Publish every company's settings anew where they differ: new prompts on disk, a new version of ours."""
    from zhiyin.apps.tenancy.models import Tenant  # noqa: PLC0415 - after setup
    from zhiyin.apps.tenancy.publication import publish_if_outdated  # noqa: PLC0415
    from zhiyin.apps.tenancy.scope import inside  # noqa: PLC0415

    for tenant in Tenant.objects.order_by("pk"):
        with inside(tenant):
            publish_if_outdated(tenant=tenant)
