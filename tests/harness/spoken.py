"""Standard prompts are spoken once a machine: products of tests after the first find them in their data folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.harness.places import parts_folder
from zhiyin.config.supervisor.folders import FORMAT
from zhiyin.config.supervisor.service_user import find_or_create_account

_MADE = "standard/made.json"


def lay_in(data: Path) -> None:
    """Begin a data folder with the prompts kept; what is outdated in them the product speaks anew."""
    kept = _kept()
    if data.exists() or not kept.exists():
        return
    data.mkdir(parents=True)
    (data / "format").write_text(f"{FORMAT}\n")
    shutil.copytree(kept, data / "prompts")
    if os.geteuid() == 0:
        account = find_or_create_account()
        subprocess.run(["chown", "-R", f"{account.pw_uid}:{account.pw_gid}", str(data)], check=True)


def keep(data: Path) -> None:
    """Keep the prompts of a product that has started, when they are others than those kept."""
    made, kept = data / "prompts" / _MADE, _kept()
    if not made.exists() or (kept.exists() and (kept / _MADE).read_bytes() == made.read_bytes()):
        return
    fresh = Path(tempfile.mkdtemp(prefix="prompts-", dir=kept.parent))
    fresh.chmod(0o755)
    for folder in ("standard", "music"):
        shutil.copytree(data / "prompts" / folder, fresh / folder)
    shutil.rmtree(kept, ignore_errors=True)
    with suppress(OSError):  # another test process was quicker
        fresh.rename(kept)
    shutil.rmtree(fresh, ignore_errors=True)


def _kept() -> Path:
    return parts_folder() / "prompts"
