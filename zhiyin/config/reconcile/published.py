"""What others say of today: the reports (through the apps' own queries) and the engine's live board."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import msgspec

from zhiyin.contracts.commands import Subscribe
from zhiyin.contracts.frames import BoardUpdate, Reply, Request, decode_frame, encode_frame
from zhiyin.contracts.links import PartLink

_NAMES = ("answered", "abandoned", "waiting", "offered", "talk_s")
_TIMEOUT_S = 5
QueueFigures = dict[tuple[int, int], dict[str, float]]


def reported_figures(database_url: str) -> QueueFigures:
    """Return what ``/api/figures/today`` shows each company. In a process of its own: Django has one database."""
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "zhiyin.config.settings",
        "ZHIYIN_DB_ROLE": "owner",
        "ZHIYIN_DB_OWNER": database_url,
    }
    done = subprocess.run(
        (sys.executable, "-P", "-m", __name__), env=environ, capture_output=True, check=True, timeout=60
    )
    rows = msgspec.json.decode(done.stdout, type=list[tuple[int, int, dict[str, float]]])
    return {(tenant, queue): figures for tenant, queue, figures in rows}


def _read_reports() -> list[tuple[int, int, dict[str, float]]]:
    import django  # noqa: PLC0415 - only in the process that reads the reports

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from zhiyin.apps.monitoring import queries  # noqa: PLC0415
    from zhiyin.apps.tenancy.models import Tenant  # noqa: PLC0415

    found = []
    for tenant in Tenant.objects.all():
        day = queries.company_day(tenant, timezone.now())
        facts = queries.read_facts(tenant=tenant, day=day)
        for queue, figures in queries.figures_by_queue(tenant=tenant, facts=facts).items():
            found.append((tenant.pk, queue, {name: float(getattr(figures, name)) for name in _NAMES}))
    return found


def board_figures(engine: PartLink, tenants: int) -> QueueFigures | None:
    """Return what the live boards show; None where no engine answers. Of several the one that leads does."""
    for address in engine.addresses:
        if (found := _board_figures_at(engine, address, tenants)) is not None:
            return found
    return None


def _board_figures_at(engine: PartLink, address: str, tenants: int) -> QueueFigures | None:
    found: QueueFigures = {}
    try:
        with engine.connect(address, timeout_s=_TIMEOUT_S) as line:
            frame = encode_frame(Request(id="reconcile", tenant=0, actor=None, command=Subscribe()))
            line.sendall(len(frame).to_bytes(4, "big") + frame)
            boards = 0
            while boards < tenants:
                answer = decode_frame(_read(line, int.from_bytes(_read(line, 4), "big")))
                if isinstance(answer, Reply) or not isinstance(answer, BoardUpdate) or answer.board is None:
                    continue
                boards += 1
                for row in answer.board.queues:
                    found[answer.tenant, row.id] = {name: float(getattr(row, name)) for name in _NAMES}
    except (OSError, msgspec.MsgspecError):
        return None
    return found


def _read(line: socket.socket, length: int) -> bytes:
    content = b""
    while len(content) < length:
        piece = line.recv(length - len(content))
        if not piece:
            raise ConnectionResetError("the engine closed the line")
        content += piece
    return content


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(_read_reports()))
