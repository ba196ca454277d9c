"""Folders and the account under which the product's programs run in tests, as root and not."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhiyin.config.supervisor.service_user import SERVICE_USER, find_or_create_account

ROOT = Path(__file__).parents[2]


def parts_folder() -> Path:
    """Where unpacked programs are kept between test runs."""
    return Path(os.environ.get("ZHIYIN_PARTS") or ROOT / ".dev" / "parts").resolve()


@contextmanager
def run_as_service_user(*folders: Path) -> Iterator[list[str]]:
    """Give the folders to the account the product would run as; yield the words to put before a command."""
    if os.geteuid() != 0:
        yield []
        return
    account = find_or_create_account()
    for folder in folders:
        subprocess.run(["chown", "-R", f"{account.pw_uid}:{account.pw_gid}", str(folder)], check=True)
    yield ["setpriv", f"--reuid={SERVICE_USER}", f"--regid={account.pw_gid}", "--clear-groups", "--pdeathsig", "KILL"]
