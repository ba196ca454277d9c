"""Root is given up before anything runs: one system account, ``zhiyin``, owns the data and every process."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from zhiyin.config.supervisor.words import CannotStart, say

SERVICE_USER = "zhiyin"
_OTHER_START_TRIES, _OTHER_START_PAUSE_S = 20, 0.1


def become_service_user(
    *, data: Path, parts: Path, readable: tuple[Path, ...] = (), module: str = "zhiyin.config.cli"
) -> None:
    """As root: make the account, give it the folders and start this very command anew as it. Otherwise do nothing.

    ``readable`` are files the service user must be able to read (a TLS key); ``module`` is what runs now.
    Raises ``CannotStart``.
    """
    if os.geteuid() != 0:
        return
    account = find_or_create_account()
    _check_program_reachable(account)
    for folder in (data, parts):
        _give(folder, account)
    for file in readable:
        if not _can(account, file, os.R_OK):
            raise CannotStart(
                f"{file} cannot be read by the user {SERVICE_USER}, as which Zhiyin runs. "
                f"Run: setfacl -m u:{SERVICE_USER}:r {file}   (or copy it to a place it may read)",
                f"知音以用户 {SERVICE_USER} 运行，无法读取 {file}。"
                f"请执行：setfacl -m u:{SERVICE_USER}:r {file}（或复制到它可读的位置）",
            )
    os.initgroups(account.pw_name, account.pw_gid)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    os.environ |= {"HOME": str(data), "USER": account.pw_name, "LOGNAME": account.pw_name}
    os.chdir(data)
    os.execv(sys.executable, [sys.executable, "-P", "-m", module, *sys.argv[1:]])  # noqa: S606


def find_or_create_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SERVICE_USER)
    except KeyError:
        pass
    command = ("useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/var/lib/zhiyin")
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    shell = ("--shell", "/usr/sbin/nologin", SERVICE_USER)
    try:
        subprocess.run((program or "useradd", *command[1:], *shell), check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        if (made := _made_by_another()) is not None:
            return made
        reason = getattr(error, "stderr", "") or str(error)
        raise CannotStart(
            f"The system account {SERVICE_USER} could not be made ({reason.strip()}). "
            f"Run: useradd --system --user-group {SERVICE_USER}, or start as an ordinary user.",
            f"无法创建系统账户 {SERVICE_USER}（{reason.strip()}）。"
            f"请执行：useradd --system --user-group {SERVICE_USER}，或以普通用户启动。",
        ) from error
    say(f"Made the system account {SERVICE_USER}.", f"已创建系统账户 {SERVICE_USER}。")
    return pwd.getpwnam(SERVICE_USER)


def _made_by_another() -> pwd.struct_passwd | None:
    """Return the account if another start, begun in the same moment, makes it: one at a time may write it."""
    for _ in range(_OTHER_START_TRIES):
        with suppress(KeyError):
            return pwd.getpwnam(SERVICE_USER)
        time.sleep(_OTHER_START_PAUSE_S)
    return None


def _check_program_reachable(account: pwd.struct_passwd) -> None:
    package = Path(__file__).resolve()
    for needed, mode in ((Path(sys.executable), os.X_OK), (package, os.R_OK)):
        if not _can(account, needed, mode):
            raise CannotStart(
                f"The user {SERVICE_USER}, as which Zhiyin runs, cannot reach {needed}. Install it outside of a "
                "private home folder (./dev run does so by itself), or start as an ordinary user.",
                f"知音以用户 {SERVICE_USER} 运行，但它无法访问 {needed}。请安装到私人目录之外（./dev run 会自动处理），"
                "或以普通用户启动。",
            )


def _can(account: pwd.struct_passwd, path: Path, mode: int) -> bool:
    """Try it as that user, in a child: permissions of every folder on the way count."""
    child = os.fork()
    if child == 0:
        try:
            os.initgroups(account.pw_name, account.pw_gid)
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
            os._exit(0 if os.access(path, mode) else 1)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _give(folder: Path, account: pwd.struct_passwd) -> None:
    """Make the folder and give it, with all in it, to the account; folders on the way must let it pass."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o755)
    if folder.stat().st_uid != account.pw_uid:
        subprocess.run(
            ("chown", "--recursive", "--no-dereference", f"{account.pw_uid}:{account.pw_gid}", str(folder)), check=True
        )
    if not _can(account, folder, os.W_OK | os.X_OK):
        raise CannotStart(
            f"The user {SERVICE_USER}, as which Zhiyin runs, cannot reach {folder}. Give a folder outside of a private "
            "home with --data, e.g. --data /var/lib/zhiyin/data",
            f"知音以用户 {SERVICE_USER} 运行，但它无法访问 {folder}。请用 --data 指定私人目录之外的位置，"
            "例如 --data /var/lib/zhiyin/data",
        )
