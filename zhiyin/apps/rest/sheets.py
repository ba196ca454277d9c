"""Writing tables that people open in a spreadsheet: CSV with a byte order mark, or XLSX. No cell runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.escape import escape

from zhiyin.apps.rest.cells import csv_cell

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: XML allows none of these in a cell, and openpyxl refuses them
_CONTROL_SIGNS = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def to_csv(rows: Iterable[Sequence[object]], zone: ZoneInfo) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([csv_cell(value, zone) for value in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def to_xlsx(rows: Iterable[Sequence[object]], zone: ZoneInfo) -> bytes:
    """Return one sheet; text stays text, so that telephone numbers keep their zeros."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = []
        for value in row:
            plain = csv_cell(value, zone)
            if isinstance(plain, str):
                plain = escape(plain.translate(_CONTROL_SIGNS))[:32_767]
            cell = WriteOnlyCell(sheet, value=plain)
            if isinstance(plain, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def file_answer(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """Return a file to be saved, never shown by the browser."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
