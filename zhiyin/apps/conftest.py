"""A real PostgreSQL for the apps' tests, prepared as a start of the product prepares it, and used as the role ``web``.

A test sees its own transaction, rolled back at its end; one that needs commits or the role ``engine`` makes a company
of its own and leaves it behind in a database that dies with the session.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "zhiyin.config.settings"

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402

from zhiyin.apps.accounts import login_sessions  # noqa: E402
from zhiyin.apps.accounts import services as accounts  # noqa: E402
from zhiyin.apps.accounts.actors import actor_of  # noqa: E402
from zhiyin.apps.accounts.models import Role, User  # noqa: E402
from zhiyin.apps.accounts.rights import RIGHTS  # noqa: E402
from zhiyin.apps.accounts.services import UserChange  # noqa: E402
from zhiyin.apps.accounts.session_store import SessionStore  # noqa: E402
from zhiyin.apps.setup import services as setup  # noqa: E402
from zhiyin.apps.tenancy.actors import Actor, system  # noqa: E402
from zhiyin.apps.tenancy.models import Tenant  # noqa: E402
from zhiyin.apps.tenancy.publication import postponed_publication  # noqa: E402
from zhiyin.apps.tenancy.scope import enter_tenant  # noqa: E402
from zhiyin.contracts.links import socket_link  # noqa: E402

PASSWORD = "correct horse battery"  # noqa: S105 - of invented users
_STARTED_WITHIN_S = 20
_STANDARD_PROMPTS = (
    "welcome",
    "menu",
    "closed",
    "all_busy",
    "goodbye",
    "wrong_key",
    "no_key",
    "not_understood",
    "nothing_heard",
)
# A password is meant to be slow to guess; a test's is known to everybody.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Database:
    """The test session's PostgreSQL: one URL a role, and the data folder of the installation."""

    owner: str
    engine: str
    web: str
    data: Path


@pytest.fixture(scope="session")
def database(django_db_blocker: Any) -> Iterator[Database]:
    """Start PostgreSQL, prepare it in a process of its own, and connect Django as ``web``."""
    folder = Path(tempfile.mkdtemp(prefix="zya-"))
    folder.chmod(0o755)
    server = _start_postgres(folder)
    try:
        found = _prepare(folder)
        with django_db_blocker.unblock(), connected_as(found.web), pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "DATA_DIR", str(found.data))
            database_settings = import_string("zhiyin.config.settings.database_settings")
            patch.setattr(settings, "WEB_DATABASE", database_settings(found.web))
            patch.setattr(settings, "ENGINE_LINK", socket_link(folder / "engine.sock"))
            yield found
    finally:
        connections.close_all()
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _start_postgres(folder: Path) -> subprocess.Popen[bytes]:
    postgres = __import__("zhiyin.config.supervisor.postgres", fromlist=["postgres"])
    install = postgres.provision_postgres(parts=folder / "parts", cluster=folder / "pg")
    account = pwd.getpwnam("nobody") if os.getuid() == 0 else None
    as_user: dict[str, Any] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    for name in ("run", "home"):
        (folder / name).mkdir()
        if account:
            os.chown(folder / name, account.pw_uid, account.pw_gid)
    cluster = folder / "home" / "pg"
    initdb = (
        install.programs / "initdb",
        "-D",
        cluster,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    subprocess.run([str(part) for part in initdb], check=True, capture_output=True, **as_user)
    # an autovacuum's ANALYZE writes: while it is open, events hide from the projections and a test would miss them
    wanted = ("-c", "fsync=off", "-c", "autovacuum=off")
    argv = [*postgres.server_argv(install, cluster=cluster, run=folder / "run"), *wanted]
    server: subprocess.Popen[bytes] = subprocess.Popen(
        argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **as_user
    )
    deadline = time.monotonic() + _STARTED_WITHIN_S
    while not postgres.is_accepting(folder / "run"):
        assert server.poll() is None, "PostgreSQL ended while it started"
        assert time.monotonic() < deadline, "PostgreSQL did not start in time"
    postgres.ensure_roles(folder / "run")
    return server


def _prepare(folder: Path) -> Database:
    postgres = __import__("zhiyin.config.supervisor.postgres", fromlist=["postgres"])
    urls = postgres.socket_urls(folder / "run")
    data = folder / "data"
    for language in ("zh", "en"):
        (data / "prompts" / "standard" / language).mkdir(parents=True)
        for key in (*_STANDARD_PROMPTS, "survey_service", "survey_thanks"):
            (data / "prompts" / "standard" / language / f"{key}.alaw").write_bytes(b"\xd5" * 8000)
    program = (
        "from zhiyin.config.environment import Environment; from zhiyin.config.prepare import run; "
        "run(Environment.from_environ(), demo=False, demo_password=None)"
    )
    environ = dict(os.environ) | environ_of(data, folder / "run", urls.owner, urls.engine, urls.web)
    subprocess.run([sys.executable, "-c", program], env=environ, check=True)
    return Database(urls.owner, urls.engine, urls.web, data)


def environ_of(data: Path, run: Path, owner: str, engine: str, web: str) -> dict[str, str]:
    unused = dict.fromkeys(("ARI_URL", "ARI_USER", "ARI_PASSWORD", "AMI_USER", "AMI_PASSWORD"), "unused")
    named = unused | {
        "DATA": str(data),
        "RUN": str(run),
        "PARTS": str(data / "parts"),
        "DB_OWNER": owner,
        "DB_ENGINE": engine,
        "DB_WEB": web,
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": "1",
        "SIP_HOST": "127.0.0.1",
        "SIP_PORT": "1",
        "SECRET_KEY": "0" * 64,
        "TICKET_KEY": "1" * 64,
        "VAULT_KEY": settings.VAULT_KEY,
    }
    return {f"ZHIYIN_{name}": value for name, value in named.items()}


@contextmanager
def connected_as(url: str) -> Iterator[None]:
    """Let Django's connection work as another database role."""
    database_settings = import_string("zhiyin.config.settings.database_settings")
    connection.close()
    before = dict(connection.settings_dict)
    connection.settings_dict.update(database_settings(url) | {"CONN_HEALTH_CHECKS": False})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@pytest.fixture
def rolled_back(database: Database) -> Iterator[Database]:
    """Undo at the end whatever the test wrote."""
    with transaction.atomic():
        yield database
        transaction.set_rollback(True)


@pytest.fixture
def as_engine(database: Database) -> Iterator[Database]:
    """Work as the worker does: role ``engine``, every write committed. Companies are made by ``committed_company``."""
    with connected_as(database.engine):
        yield database


@dataclass(slots=True)
class Company:
    """A company with one user of each role, and a browser for each."""

    tenant: Tenant
    users: dict[str, User]

    @property
    def system(self) -> Actor:
        return system(self.tenant)

    def actor(self, role: str) -> Actor:
        actor = actor_of(tenant=self.tenant, user_id=self.users[role].pk, address="192.0.2.7")
        assert actor is not None
        return actor

    def browser(self, role: str) -> Client:
        """Return a client that is logged in as the company's user of ``role``."""
        return logged_in(self.users[role])

    def grant(self, role: str, *rights: str) -> None:
        """Give the company's user of ``role`` these rights too, by a role of its own."""
        user, more = self.users[role], dict.fromkeys(rights, "all")
        held = {right: scope.value for right, scope in user.role.permissions.rights.items()}
        name = f"{role} and more"
        user.role = Role.objects.of(self.tenant).create(code=f"{role}-more", name=name, rights=held | more)
        user.save()


def logged_in(user: User) -> Client:
    store, key = SessionStore(), uuid.uuid4().hex
    store.update({"tenant": user.tenant_id, "user": user.pk, "hash": user.get_session_auth_hash(), "id": key})
    store.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.tenant', true)")
        before = cursor.fetchone()[0]
    with transaction.atomic():
        enter_tenant(user.tenant_id)
        login_sessions.begin(user=user, key=key, address="192.0.2.7", device="", now=timezone.now())
        enter_tenant(int(before) if before else None)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(store.session_key)
    return client


def make_company() -> Company:
    number = next(_numbers)
    tenant = setup.create_company(setup.NewCompany(code=f"company-{number}-{os.getpid()}", name=f"公司{number}"))
    users = {}
    with postponed_publication():
        for role in RIGHTS:
            change = UserChange({"username": role, "name": f"{role} {number}", "role": role})
            users[role] = accounts.create_user_with_hash(
                actor=system(tenant), password_hash=_hashed_password(), change=change
            )
    return Company(tenant, users)


_hashes: list[str] = []


def _hashed_password() -> str:
    if not _hashes:
        _hashes.append(make_password(PASSWORD))
    return _hashes[0]


@pytest.fixture
def company(rolled_back: Database) -> Company:  # noqa: ARG001 - the transaction it lives in
    """A company whose rows the test's transaction sees."""
    return make_company()


@pytest.fixture
def other_company(company: Company) -> Company:
    """A second company; the transaction sees the first one's rows when the test begins."""
    other = make_company()
    enter_tenant(company.tenant.pk)
    return other


@pytest.fixture
def committed_company(database: Database) -> Callable[[], Company]:
    """Make companies that outlive the transaction, as ``web`` makes them."""

    def make() -> Company:
        with connected_as(database.web), transaction.atomic():
            return make_company()

    return make
