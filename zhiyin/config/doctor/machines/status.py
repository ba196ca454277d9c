"""``zhiyin status --config FILE``: every part of an installation of several machines, for people or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from unicodedata import east_asian_width

from zhiyin.config.doctor.machines.examine import look_at
from zhiyin.config.doctor.machines.look import Seen, Silent
from zhiyin.config.doctor.machines.rows import NAMES, STATES, Row, read_rows, since
from zhiyin.config.doctor.sip_probe import SipAnswer
from zhiyin.config.supervisor.words import in_words, warn


def print_machines(config: Path, *, control: Path | None, is_json: bool) -> int:
    """Print the state; return 0 when all is well, 1 when something is not, 3 when nothing answers."""
    environment, seen = look_at(config, control=control)
    rows = read_rows(seen)
    if is_json:
        print(json.dumps(_as_json(seen, rows, edge=environment.edge), ensure_ascii=False))
    else:
        _print(seen, rows, edge=environment.edge)
    if is_all_silent(seen):
        return 3
    return 0 if is_well(seen, rows) else 1


def is_well(seen: Seen, rows: Sequence[Row]) -> bool:
    is_edge_well = isinstance(seen.edge, SipAnswer)
    return is_edge_well and not isinstance(seen.pulses, Silent) and all(row.is_well for row in rows)


def is_all_silent(seen: Seen) -> bool:
    """Nothing of it answers: it does not run, or this machine is cut off."""
    answers = (seen.pulses, seen.engine, seen.edge, *seen.webs.values(), *seen.nodes.values(), *seen.fronts.values())
    return all(isinstance(answer, Silent) for answer in answers)


def _print(seen: Seen, rows: Sequence[Row], *, edge: str) -> None:
    if isinstance(seen.pulses, Silent):
        warn(
            f"The database does not answer ({seen.pulses.why}): what the parts tell of themselves is not known.",
            f"数据库没有应答（{seen.pulses.why}）：无法得知各组件的情况。",
        )
    elif seen.lease is not None:
        print(in_words(f"database  ok  term {seen.lease.epoch}", f"数据库  正常  第 {seen.lease.epoch} 任引擎"))
    for row in rows:
        print("  " + "  ".join(_cells(seen, row)).rstrip())
    said = in_words("ok", "正常") if isinstance(seen.edge, SipAnswer) else in_words("silent", "无应答")
    why = "" if isinstance(seen.edge, SipAnswer) else seen.edge.why
    print(f"  {_wide(in_words('edge', '边缘'), 8)}  {edge:<21}  {_wide(said, 22)}  {why}".rstrip())


def _cells(seen: Seen, row: Row) -> Sequence[str]:
    ran = since(row, seen.now)
    legs = row.connections
    return (
        _wide(in_words(*NAMES[row.part]), 8),
        f"{row.name or '-':<21}",
        _wide(in_words(*STATES[row.state]), 22),
        f"{_age(ran) if ran is not None and row.state not in ('gone', 'untold') else '':>9}",
        row.program,
        in_words(f"{legs} connections", f"{legs} 路连接") if legs is not None else "",
        in_words("this machine", "本机") if row.is_here else "",
        row.why,
    )


def _wide(text: str, columns: int) -> str:
    """Fill up with blanks; a Chinese sign takes two columns of a terminal."""
    return text + " " * (columns - sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text))


def _age(ran: timedelta) -> str:
    seconds = int(ran.total_seconds())
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d} h"


def _as_json(seen: Seen, rows: Sequence[Row], *, edge: str) -> dict[str, object]:
    return {
        "state": "stopped" if is_all_silent(seen) else "ok" if is_well(seen, rows) else "degraded",
        "term": seen.lease.epoch if seen.lease else None,
        "database": {"state": "away" if isinstance(seen.pulses, Silent) else "ok"},
        "edge": {"at": edge, "state": "ok" if isinstance(seen.edge, SipAnswer) else "silent"},
        "parts": [
            {
                "part": row.part,
                "name": row.name,
                "host": row.host,
                "state": row.state,
                "is_here": row.is_here,
                "started_at": row.started_at.isoformat() if row.started_at else None,
                "heard_ago_s": round(row.heard.age_s, 1) if row.heard else None,
                "program": row.program,
                "connections": row.connections,
                "why": row.why,
                "metrics_at": row.heard.pulse.metrics_at if row.heard else "",
            }
            for row in rows
        ],
    }
