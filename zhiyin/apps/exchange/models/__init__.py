"""The tables of files, imports, exports and planned exchange."""

from __future__ import annotations

from zhiyin.apps.exchange.models.exports import Export, ExportPiece, ExportPolicy
from zhiyin.apps.exchange.models.files import FilePart, StoredFile
from zhiyin.apps.exchange.models.imports import Import, ImportRow, RememberedMapping
from zhiyin.apps.exchange.models.plans import FilePlan, FileRun

__all__ = [
    "Export",
    "ExportPiece",
    "ExportPolicy",
    "FilePart",
    "FilePlan",
    "FileRun",
    "Import",
    "ImportRow",
    "RememberedMapping",
    "StoredFile",
]
