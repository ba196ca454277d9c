"""A list as a file: harmless in a spreadsheet, and readable."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from zhiyin.apps.conftest import Company
from zhiyin.apps.queues import services as queues

HOSTILE = '=HYPERLINK("http://x")\x0b'


def sheet(company: Company, address: str, form: str) -> list[list[Any]]:
    content = company.browser("administrator").get(address, {"format": form, "sort": "name"}).content
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    (only,) = load_workbook(io.BytesIO(content)).worksheets
    assert all(cell.data_type != "f" for row in only.iter_rows() for cell in row)
    return [list(row) for row in only.iter_rows(values_only=True)]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_of_a_file_runs_as_a_formula(company: Company, form: str) -> None:
    queues.create_queue(actor=company.system, fields={"name": HOSTILE})
    assert sheet(company, "/api/queues", form)[1][0].startswith("'=HYPERLINK")
