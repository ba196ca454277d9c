"""Writing tables that people open in a spreadsheet: CSV with a byte order mark, or XLSX. No cell runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.escape import escape

from zhiyin.apps.rest.cells import csv_cell

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: how a CSV begins: Excel knows UTF-8 by the mark, and takes what has none for GBK on a Chinese Windows
CSV_START = {"csv": b"\xef\xbb\xbf", "csv-gbk": b""}
#: XML allows none of these in a cell, and openpyxl refuses them
_CONTROL_SIGNS = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def to_csv(rows: Iterable[Sequence[object]], zone: ZoneInfo) -> bytes:
    return CSV_START["csv"] + csv_lines(([csv_cell(value, zone) for value in row] for row in rows), "csv")


def csv_lines(rows: Iterable[Sequence[str | int | float]], form: str) -> bytes:
    """Return lines of cells that are harmless already."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("gb18030" if form == "csv-gbk" else "utf-8", errors="replace")


def to_xlsx(rows: Iterable[Sequence[object]], zone: ZoneInfo) -> bytes:
    """Return one sheet; text stays text, so that telephone numbers keep their zeros."""
    content = io.BytesIO()
    write_xlsx(([csv_cell(value, zone) for value in row] for row in rows), content)
    return content.getvalue()


def write_xlsx(rows: Iterable[Sequence[str | int | float]], target: IO[bytes]) -> None:
    """Write cells that are harmless already, one row at a time."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = []
        for plain in row:
            if isinstance(plain, str):
                cell = WriteOnlyCell(sheet, value=escape(plain.translate(_CONTROL_SIGNS))[:32_767])
                cell.data_type = "s"
            else:
                cell = WriteOnlyCell(sheet, value=plain)
            cells.append(cell)
        sheet.append(cells)
    book.save(target)


def file_answer(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """Return a file to be saved, never shown by the browser."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
