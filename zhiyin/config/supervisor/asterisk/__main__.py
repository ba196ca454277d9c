"""Runs one Asterisk from the generated configuration, alone: for tests and for looking at it.

    python -m zhiyin.config.supervisor.asterisk DIR [--sip-port N] [--rtp-ports A-B] [--http-port N]
    python -m zhiyin.config.supervisor.asterisk --write-lock

The first replaces itself by Asterisk in the foreground, after writing ``DIR/asterisk.json`` with the addresses,
users and passwords. Parts come from ``ZHIYIN_PARTS`` or ``DIR/parts``.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path

from zhiyin.config.supervisor.asterisk import AsteriskFolder, AsteriskSettings, provision_asterisk, write_configuration
from zhiyin.config.supervisor.asterisk.renew import renew_lock
from zhiyin.config.supervisor.networks import choose_loopback_port, list_local_addresses
from zhiyin.config.supervisor.words import CannotStart


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m zhiyin.config.supervisor.asterisk")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--write-lock", action="store_true")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--sip-port", type=int, default=5060)
    parser.add_argument("--rtp-ports", default="20000-20999")
    parser.add_argument("--http-port", type=int, default=0)
    parser.add_argument("--public-address")
    parser.add_argument("--music", type=Path)
    given = parser.parse_args()
    try:
        if given.write_lock:
            renew_lock()
            return
        if given.folder is None:
            parser.error("DIR is missing")
        run_alone(given)
    except CannotStart as problem:
        parser.exit(problem.exit_code, f"{problem}\n")


def run_alone(given: argparse.Namespace) -> None:
    """Write the configuration and become Asterisk."""
    home = given.folder.resolve()
    install = provision_asterisk(Path(os.environ.get("ZHIYIN_PARTS") or home / "parts").resolve())
    first, _, last = given.rtp_ports.partition("-")
    music = given.music or home / "music"
    music.mkdir(parents=True, exist_ok=True)
    settings = AsteriskSettings(
        host=given.host,
        sip_port=given.sip_port,
        rtp_ports=(int(first), int(last)),
        http_port=given.http_port or choose_loopback_port(),
        manager_port=choose_loopback_port(),
        ari_user="zhiyin",
        ari_password=os.urandom(16).hex(),
        ami_user="zhiyin",
        ami_password=os.urandom(16).hex(),
        music=music,
        public_address=given.public_address,
        local_addresses=list_local_addresses(),
    )
    run = home / "run" if len(str(home)) < 80 else Path(tempfile.mkdtemp(prefix="zhiyin-"))
    folder = AsteriskFolder(path=home / "asterisk", run=run)
    write_configuration(install=install, folder=folder, settings=settings)
    found = {
        "version": install.version,
        "ari_url": f"http://127.0.0.1:{settings.http_port}",
        "ari_user": settings.ari_user,
        "ari_password": settings.ari_password,
        "ami_user": settings.ami_user,
        "ami_password": settings.ami_password,
        "sip": f"{settings.host}:{settings.sip_port}",
        "console": [*folder.console_argv(install, "")[:-1]],
    }
    (home / "asterisk.json").write_text(json.dumps(found, indent=2) + "\n")
    argv = folder.argv(install)
    os.execve(argv[0], argv, {**os.environ, **install.environ, "HOME": str(home)})  # noqa: S606 - the program itself


main()
