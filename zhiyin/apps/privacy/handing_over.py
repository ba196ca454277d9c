"""All that is stored of one person, as a file for that person: JSON, tables, recordings, and a page to read."""

from __future__ import annotations

import csv
import html
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers import services as customers
from zhiyin.apps.recordings import services as recordings
from zhiyin.apps.refusals import Refusal
from zhiyin.apps.rest.cells import csv_cell
from zhiyin.apps.tenancy.actors import Actor

#: recordings beyond this are listed, not put in: whoever asks is given them from the list of recordings
MOST_SOUND_BYTES = 200 * 1024 * 1024
TABLE_NAMES: dict[str, tuple[str, str]] = {
    "customer": ("客户资料", "The record"),
    "customernumber": ("电话号码", "Telephone numbers"),
    "customeremail": ("邮箱", "Mail addresses"),
    "customeraddress": ("地址", "Addresses"),
    "customertag": ("标签", "Tags"),
    "ownedproduct": ("持有产品", "Products"),
    "relation": ("关系", "Relations"),
    "consent": ("同意记录", "Consents"),
    "listentry": ("名单", "Lists"),
    "poolmove": ("公海记录", "Moves to and from the public pool"),
    "contacts": ("联络记录", "Contacts"),
    "contact_values": ("联络中的号码与随路数据", "Numbers and data of contacts"),
    "callbacks": ("回呼与语音留言", "Callbacks and voice messages"),
    "wrap_ups": ("通话小结", "Wrap-ups"),
    "recordings": ("录音", "Recordings"),
    "recommendations": ("推荐与答复", "Recommendations and answers"),
    "notes": ("备注", "Notes"),
    "follow_ups": ("跟进", "Follow-ups"),
    "imported": ("导入的数据行", "Imported rows"),
    "handed_on": ("提供给其他系统", "Handed on to other systems"),
    "told": ("通知", "Notifications"),
}


def write_person(*, actor: Actor, customer_id: int, target: IO[bytes], now: datetime) -> None:
    """Write what is stored of a customer as a ZIP. Audited. Raises ``NotFound``."""
    customer = customers.get_customer(actor=actor, customer_id=customer_id)
    tables: dict[str, list[dict[str, Any]]] = {}
    for each in settings.PERSONAL_DATA:
        tables |= import_string(f"{each['by']}.export_customer")(tenant=actor.tenant, customer_id=customer_id)
    tables = {name: rows for name, rows in tables.items() if rows}
    zone = ZoneInfo(actor.tenant.time_zone)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("data.json", json.dumps(tables, ensure_ascii=False, indent=2, default=str))
        for name, rows in tables.items():
            made.writestr(f"tables/{name}.csv", _csv(rows, zone))
        sounds = _write_sounds(actor, tables.get("recordings", []), made, now)
        made.writestr("index.html", _index(customer.name, tables, sounds, now.astimezone(zone)))
    audit.record(
        actor=actor,
        action="customer.handed_over",
        kind="customer",
        subject=customer_id,
        after={"rows": {name: len(rows) for name, rows in tables.items()}, "recordings": len(sounds)},
    )


def _csv(rows: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> str:
    titles = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(titles)
    for row in rows:
        writer.writerow([csv_cell(row.get(name), zone) for name in titles])
    return "\ufeff" + text.getvalue()


def _write_sounds(
    actor: Actor, rows: Sequence[Mapping[str, Any]], made: zipfile.ZipFile, now: datetime
) -> list[tuple[str, bool]]:
    """Put the recordings in, as far as there is room and they can be opened; return each with whether it is in."""
    room = MOST_SOUND_BYTES
    told: list[tuple[str, bool]] = []
    for row in rows:
        recording = str(row["id"])
        try:
            sound = recordings.open_sound(actor=actor, recording_id=recording, is_beginning=True, now=now)
        except Refusal:
            told.append((recording, False))
            continue
        fits = sound.file.size_bytes <= room
        if fits:
            room -= sound.file.size_bytes
            with made.open(f"recordings/{recording}.wav", "w") as file:
                for part in sound.read(0, sound.file.size_bytes):
                    file.write(part)
        told.append((recording, fits))
    return told


def _index(
    name: str, tables: Mapping[str, Sequence[Mapping[str, Any]]], sounds: Sequence[tuple[str, bool]], at: datetime
) -> str:
    rows = "".join(
        f'<tr><td><a href="tables/{table}.csv">{zh} · {en}</a></td><td>{len(tables[table])}</td></tr>'
        for table, (zh, en) in ((table, TABLE_NAMES.get(table, (table, table))) for table in tables)
    )
    files = "".join(
        f'<li><a href="recordings/{html.escape(each)}.wav">{html.escape(each)}.wav</a></li>'
        if is_in
        else f"<li>{html.escape(each)} (未含文件 · file not included)</li>"
        for each, is_in in sounds
    )
    return f"""<!doctype html><html lang="zh"><meta charset="utf-8"><title>个人数据 · Personal data</title>
<style>body{{font:16px/1.6 sans-serif;max-width:50em;margin:2em auto}}td{{padding:.2em 1em .2em 0}}</style>
<h1>{html.escape(name)}: 个人数据 · Personal data</h1>
<p>截至 {at:%Y-%m-%d %H:%M} 保存的全部个人数据。data.json 供程序读取，表格可用 Excel 打开。</p>
<p>All that was stored on {at:%Y-%m-%d %H:%M}. data.json is for programs, the tables open in a spreadsheet.</p>
<table>{rows}</table><h2>录音 · Recordings</h2><ul>{files or "<li>无 · none</li>"}</ul></html>
"""
