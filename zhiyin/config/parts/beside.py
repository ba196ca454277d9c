"""How a part's command starts the pulse beside itself.

Apart from ``pulse``, since it is the part's own process that runs this: nothing may be loaded there that the part
itself has to set up first (``web`` names the folder of its figures before it loads what counts them).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from zhiyin.config.supervisor import networks
from zhiyin.contracts.environment import Environment


def start_pulse(part: str, name: str, config: Path) -> None:
    """Start it beside this process, whose environment is the part's. It ends with this process, however that ends."""
    argv = [sys.executable, "-P", "-m", "zhiyin.config.parts.pulse", str(os.getpid()), part, name]
    subprocess.Popen([*argv, str(config.absolute())], stdin=subprocess.DEVNULL)


def own_name(environment: Environment, part: str) -> str:
    """Return how the part is told from others of its kind; empty: by the address that the database sees."""
    if part == "front":
        own = {local.address for local in networks.list_local_addresses()}
        return next((host for host in os.environ.get("ZHIYIN_FRONTS", "").split() if host in own), "")
    return environment.listen if part in ("engine", "web") else ""
