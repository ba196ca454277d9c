"""A PostgreSQL of the bench's own, with the product's tables."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from bench.machine import bench_parts
from zhiyin.config.supervisor import postgres
from zhiyin.contracts.environment import Environment

START_WITHIN_S = 60
#: of ARI and the manager, both on loopback
PASSWORD = "bench"


class Database:
    """One server in ``folder``; the product's own roles, settings and migrations."""

    process: subprocess.Popen[bytes]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run = folder / "run"
        self.urls = postgres.socket_urls(self.run)

    def start(self) -> None:
        """Make the cluster and start it; returns when it accepts connections."""
        cluster = self.folder / "pg"
        self.run.mkdir(exist_ok=True)
        install = postgres.provision_postgres(parts=bench_parts(), cluster=cluster)
        postgres.make_cluster(install, cluster)
        with (self.folder / "postgres.log").open("wb") as out:
            argv = postgres.server_argv(install, cluster=cluster, run=self.run)
            self.process = subprocess.Popen(argv, stdout=out, stderr=out, cwd=self.folder)
        deadline = time.monotonic() + START_WITHIN_S
        while not postgres.is_accepting(self.run):
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {self.folder / 'postgres.log'}")
            time.sleep(0.05)
        postgres.ensure_roles(self.run)

    @property
    def environment(self) -> Environment:
        """What the product's parts need to use this database; where Asterisk is stands open."""
        return Environment(
            data=self.folder,
            run=self.run,
            parts=bench_parts(),
            db_owner=self.urls.owner,
            db_engine=self.urls.engine,
            db_web=self.urls.web,
            ari_url="http://127.0.0.1:1",
            ari_user="zhiyin",
            ari_password=PASSWORD,
            ami_user="zhiyin",
            ami_password=PASSWORD,
            http_host="127.0.0.1",
            http_port=1,
            tls_cert=None,
            tls_key=None,
            sip_host="127.0.0.1",
            sip_port=1,
            public_address=None,
            secret_key="00" * 32,
            ticket_key="00" * 32,
            vault_key="00" * 32,
        )

    def prepare(self, *, demo_password: str | None = None) -> None:
        """Make the product's tables; with a password also the demo company, whose people log in with it."""
        demo = ["--no-demo"] if demo_password is None else ["--demo-password", demo_password]
        argv = [sys.executable, "-m", "zhiyin.config.main", "prepare", *demo]
        environ = {**os.environ, **self.environment.to_environ()}
        done = subprocess.run(argv, env=environ, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"the tables could not be made: {done.stderr[-2000:]}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
