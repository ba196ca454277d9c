"""Writing tables that people open in a spreadsheet, as every list does."""

from __future__ import annotations

from zhiyin.apps.rest.sheets import CSV_TYPE, XLSX_TYPE, file_answer, to_csv, to_xlsx

__all__ = ["CSV_TYPE", "XLSX_TYPE", "file_answer", "to_csv", "to_xlsx"]
