"""Files are read as people meant them, and hostile ones refused with what to do."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.apps.exchange import tables
from zhiyin.apps.exchange.errors import UnreadableFile
from zhiyin.apps.exchange.sheets import to_csv, to_xlsx
from zhiyin.apps.exchange.tables import read_head, read_rows
from zhiyin.apps.exchange.tests.tables_in_bytes import csv_bytes, xlsx_bytes

ZONE = ZoneInfo("Asia/Shanghai")


def cells(content: bytes) -> list[list[str]]:
    head = read_head(content)
    return [row.cells for row in read_rows(content, head.form, columns=len(head.titles))]


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        cells(content)
    return refused.value.code


@pytest.mark.parametrize(
    ("written", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gbk", "gb18030"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_the_encoding_is_found(written: str, found: str) -> None:
    content = csv_bytes("姓名,电话", "张三丰,13800138000", "欧阳修,13800138001", encoding=written)
    head = read_head(content)
    assert (head.form.encoding, head.titles, head.sample[0]) == (found, ["姓名", "电话"], ["张三丰", "13800138000"])


def test_the_encoding_may_be_said_and_a_wrong_one_is_refused() -> None:
    content = csv_bytes("姓名", "張三", encoding="big5")
    assert read_head(content, encoding="big5").sample == [["張三"]]
    with pytest.raises(UnreadableFile, match="wrong_encoding"):
        read_head(content, encoding="utf-8")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_though_others_stand_in_the_cells(separator: str) -> None:
    other = ";" if separator == "," else ","
    content = csv_bytes(separator.join(["name", "note"]), separator.join(["a", f"x{other}y{other}z"]))
    head = read_head(content)
    assert (head.form.separator, head.sample) == (separator, [["a", f"x{other}y{other}z"]])


def test_quotes_line_breaks_and_empty_rows() -> None:
    content = b'name,note\r\n"Li ""Lei""","two\nlines, one cell"\r\n,,\r\n\r\nWang\r\n'
    head = read_head(content)
    rows = list(read_rows(content, head.form, columns=2))
    assert [(row.number, row.cells) for row in rows] == [
        (2, ['Li "Lei"', "two\nlines, one cell"]),
        (5, ["Wang", ""]),
    ]


def test_a_spreadsheets_values_are_read_as_people_see_them() -> None:
    content = xlsx_bytes(
        ["电话", "日期", "时刻", "数", "是"],
        [13800138000.0, date(2026, 1, 2), datetime(2026, 1, 2, 9, 30), 1.5, True],  # noqa: DTZ001 - spreadsheets know no zone
        ["'=1+1", None, None, None, None],
    )
    assert cells(content) == [
        ["13800138000", "2026-01-02", "2026-01-02 09:30:00", "1.5", "1"],
        ["=1+1", "", "", "", ""],
    ]


def test_a_formula_is_read_as_the_value_it_last_showed_and_never_computed() -> None:
    """Nobody computed this one, so it shows nothing."""
    assert cells(xlsx_bytes(["a", "b"], ['=HYPERLINK("http://x","y")', "z"])) == [["", "z"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_table"),
        (b"\r\n,,\r\n", "empty_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "old_spreadsheet"),
        (b"PK\x03\x04 no archive", "not_a_table"),
        (b"name\n\xff\xff\xff", "unknown_encoding"),
        (b'a,b\n"' + b"x" * 200_000, "cell_too_long"),
        (b"a\n" + b"x" * 10_001, "cell_too_long"),
        (",".join("t" * 201).encode(), "too_many_columns"),
        (b"x" * (tables.MAX_BYTES + 1), "file_too_large"),
    ],
    ids=["empty", "blank", "picture", "xls", "no zip", "encoding", "open quote", "long", "wide", "large"],
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_too_many_rows_are_refused() -> None:
    assert refusal(b"a\n" + b"1\n" * (tables.MAX_ROWS + 1)) == "too_many_rows"


def _archive(**entries: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), body)
    return content.getvalue()


def test_a_zip_bomb_is_refused_unopened() -> None:
    bomb = _archive(xl__workbook_xml=b"", xl__sharedStrings_xml=b"\0" * 101 * 1024 * 1024)
    assert len(bomb) < 200_000
    assert refusal(bomb) == "file_too_large_unpacked"


def test_another_archive_and_a_broken_spreadsheet_are_refused() -> None:
    assert refusal(_archive(word__document_xml=b"<w/>")) == "not_a_table"
    assert refusal(_archive(xl__workbook_xml=b"<workbook>")) == "not_a_table"


@pytest.mark.parametrize("entities", [b'<!ENTITY a "aaaaaaaaaa">'], ids=["declared"])
def test_a_spreadsheet_whose_xml_grows_is_refused(entities: bytes) -> None:
    grown = b'<!ENTITY a0 "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
    )
    sheet = b"<!DOCTYPE x [" + grown + b"]><workbook>&a9;</workbook>"
    assert refusal(_archive(xl__workbook_xml=sheet)) == "not_a_table"


cell = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(str.strip)


@settings(max_examples=30)
@given(rows=st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=6))
def test_what_we_write_we_read_back(rows: list[tuple[str, str, str]]) -> None:
    """Formulas are quoted on the way out, and the quote is taken off on the way in."""
    expected = [list(row) for row in rows if any(row)]
    titles = ("a", "b", "c")
    for content in (to_csv([titles, *rows], ZONE), to_xlsx([titles, *rows], ZONE)):
        head = read_head(content, separator=",")
        found = [row.cells for row in read_rows(content, head.form, columns=3)]
        assert found == expected
