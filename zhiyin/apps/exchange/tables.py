"""Reading a table from a file somebody sent: CSV in the encodings that are met in China and elsewhere, or XLSX.

Knows no database. A file is hostile until proven otherwise: its size unpacked, its rows, columns and cells are
limited, formulas are read as the value they last showed, and what is no table is refused with what to do.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from zhiyin.apps.exchange.errors import UnreadableFile

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELL_LENGTH = 10_000
#: what an XLSX may hold unpacked: shared strings are read whole
_MAX_UNPACKED_BYTES = 100 * 1024 * 1024
_MAX_ZIP_ENTRIES = 2_000
_SAMPLE_ROWS = 5

ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "windows-1252")
SEPARATORS = (",", ";", "\t", "|")
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_MAGIC = b"PK"
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class TableForm:
    """How a file is read. ``format`` is "csv" or "xlsx"; the other two are empty for XLSX."""

    format: str
    encoding: str = ""
    separator: str = ""


@dataclass(frozen=True, slots=True)
class TableHead:
    """How the file is read, its column titles, and its first rows."""

    form: TableForm
    titles: list[str]
    sample: list[list[str]]


@dataclass(frozen=True, slots=True)
class TableRow:
    """``number``: the row's place in the file, the titles being 1, so that people find it in their spreadsheet."""

    number: int
    cells: list[str]


def read_head(content: bytes, *, encoding: str = "", separator: str = "") -> TableHead:
    """Find out how the file is to be read; what is given is not guessed. Raises ``UnreadableFile``."""
    form = _find_form(content, encoding, separator)
    rows = list(islice(_numbered(content, form), _SAMPLE_ROWS + 1))
    if not rows:
        raise UnreadableFile("empty_table", "The file is empty. Its first row must hold the column titles.")
    titles = [title.strip() for title in rows[0].cells]
    while titles and not titles[-1]:
        titles.pop()
    if len(titles) > MAX_COLUMNS:
        raise UnreadableFile("too_many_columns", f"The table has more than {MAX_COLUMNS} columns.", limit=MAX_COLUMNS)
    return TableHead(form, titles, [_fitted(row.cells, len(titles)) for row in rows[1:]])


def read_rows(content: bytes, form: TableForm, *, columns: int) -> Iterator[TableRow]:
    """Yield the rows below the titles, empty ones left out, each with ``columns`` cells. Raises ``UnreadableFile``."""
    rows = _numbered(content, form)
    next(rows, None)
    for count, row in enumerate(rows, start=1):
        if count > MAX_ROWS:
            raise UnreadableFile(
                "too_many_rows", f"The table has more than {MAX_ROWS} rows. Divide it.", limit=MAX_ROWS
            )
        yield TableRow(row.number, _fitted(row.cells, columns))


def _find_form(content: bytes, encoding: str, separator: str) -> TableForm:
    if len(content) > MAX_BYTES:
        limit_mb = MAX_BYTES // 1024 // 1024
        raise UnreadableFile("file_too_large", f"The file is larger than {limit_mb} MB. Divide it.", limit_mb=limit_mb)
    if content.startswith(_OLE_MAGIC):
        raise UnreadableFile("old_spreadsheet", "This is an old or locked Excel file. Save it as XLSX or CSV.")
    if content.startswith(_ZIP_MAGIC):
        _check_archive(content)
        return TableForm("xlsx")
    encoding = encoding or _find_encoding(content)
    return TableForm("csv", encoding, separator or _find_separator(_decoded(content, encoding)))


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _no_table() from error
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise _no_table()
    # A zip may lie about the size of an entry; Python's reader stops at the size that is declared.
    if len(entries) > _MAX_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > _MAX_UNPACKED_BYTES:
        raise UnreadableFile("file_too_large_unpacked", "The spreadsheet is too large unpacked. Save it as CSV.")


def _find_encoding(content: bytes) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding
    if b"\x00" in content[:65_536]:
        raise _no_table()
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile("unknown_encoding", "The file's encoding is not known. Save it as CSV in UTF-8.")


def _decoded(content: bytes, encoding: str) -> str:
    if encoding not in ENCODINGS:
        raise UnreadableFile("unknown_encoding", "The file's encoding is not known. Save it as CSV in UTF-8.")
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError as error:
        raise UnreadableFile("wrong_encoding", "The file is not in this encoding. Choose another.") from error


def _find_separator(text: str) -> str:
    """Return the separator that divides the first lines into the same number of columns, the more the better."""

    def fitness(separator: str) -> tuple[bool, int]:
        widths = [len(row) for row in islice(_parsed(text[:100_000], separator), 10) if any(row)]
        if not widths or widths[0] == 1:
            return (False, 0)
        return (len(set(widths)) == 1, widths[0])

    return max(SEPARATORS, key=fitness)


def _parsed(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _cell_too_long(reader.line_num) from error


def _numbered(content: bytes, form: TableForm) -> Iterator[TableRow]:
    """Yield all rows that hold anything, the titles too."""
    found = _rows_of_xlsx(content) if form.format == "xlsx" else _rows_of_csv(content, form)
    for number, cells in found:
        if not any(cells):
            continue
        if any(len(cell) > MAX_CELL_LENGTH for cell in cells):
            raise _cell_too_long(number)
        yield TableRow(number, cells)


def _rows_of_csv(content: bytes, form: TableForm) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(_parsed(_decoded(content, form.encoding), form.separator), start=1):
        yield number, [_plain(_unquoted(cell)) for cell in cells]


def _rows_of_xlsx(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
        if sheet is None:
            raise _no_table()
        # What a file says of its own extent need not be true.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_text(value) for value in cells]
    except UnreadableFile:
        raise
    except Exception as error:  # whatever a broken file makes of the reader: KeyError, ParseError, ValueError ...
        raise _no_table() from error


def _text(value: Any) -> str:
    """Return a spreadsheet's value as people read it there; telephone numbers are no floats."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer() and abs(value) < 1e21:
            return str(int(value))
        case datetime():
            form = "%Y-%m-%d" if value.time() == time.min else "%Y-%m-%d %H:%M:%S"
            return value.strftime(form)
        case date():
            return value.isoformat()
    return _plain(_unquoted(str(value)))


def _unquoted(cell: str) -> str:
    """Take off the quote (') that our own exports put before what a spreadsheet would run as a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell


def _plain(cell: str) -> str:
    """PostgreSQL stores no NUL, UTF-8 no half of a surrogate pair."""
    return cell.replace("\x00", "").encode("utf-8", "replace").decode().strip()


def _fitted(cells: Sequence[str], columns: int) -> list[str]:
    return [*cells[:columns], *[""] * (columns - len(cells))]


def _no_table() -> UnreadableFile:
    return UnreadableFile("not_a_table", "This file is no table. Send CSV or XLSX.")


def _cell_too_long(number: int) -> UnreadableFile:
    return UnreadableFile(
        "cell_too_long",
        f"Row {number} has a cell of more than {MAX_CELL_LENGTH} characters. Is a quotation mark missing?",
        row=number,
        limit=MAX_CELL_LENGTH,
    )
