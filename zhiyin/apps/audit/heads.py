"""The newest link of each company's chain, in one small file of the data folder: what the database cannot take back.

A database that is restored from a backup has a shorter chain than the file remembers. That is found as well, as it
should be: ``zhiyin restore`` begins a data folder without the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

FILE_NAME = "audit-heads.json"


@dataclass(frozen=True, slots=True)
class Head:
    """The link at ``number``, in hexadecimal digits."""

    number: int
    link: str


def read_heads(data: Path) -> dict[int, Head]:
    """Return what is remembered, by company; nothing where there is no file (or no longer one that can be read)."""
    try:
        return msgspec.json.decode((data / FILE_NAME).read_bytes(), type=dict[int, Head])
    except (OSError, msgspec.MsgspecError):
        return {}


def write_heads(data: Path, heads: dict[int, Head]) -> None:
    """Replace the file at once. Raises ``OSError``."""
    fresh = data / f".{FILE_NAME}.new"
    fresh.write_bytes(msgspec.json.encode(heads))
    fresh.rename(data / FILE_NAME)
