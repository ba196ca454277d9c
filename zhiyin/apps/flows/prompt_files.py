"""Where prompts lie, and which there are.

The product's own: ``prompts/standard/<language>/<key>.alaw``. A company's: ``prompts/company/<tenant>/<language>/``,
a file for each version, written once. Asterisk is given the path without its ending.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

LANGUAGES = ("zh", "en")
ENDING = ".alaw"


def standard_file(key: str, language: str) -> Path:
    return _root() / "standard" / language / f"{key}{ENDING}"


def company_file(tenant_id: int, language: str, sound: str) -> Path:
    return _root() / "company" / str(tenant_id) / language / f"{sound}{ENDING}"


def sound_of(key: str, number: int) -> str:
    """Name a version's file; no key holds a hyphen, so no two are called the same."""
    return f"{key}-{number}"


def standard_files() -> dict[str, dict[str, Path]]:
    """Return the product's own prompts that stand on disk: key -> language -> file."""
    found: dict[str, dict[str, Path]] = defaultdict(dict)
    for language in LANGUAGES:
        folder = _root() / "standard" / language
        if folder.is_dir():
            for file in sorted(folder.glob(f"*{ENDING}")):
                found[file.stem][language] = file
    return dict(found)


def standard_texts() -> Mapping[str, Mapping[str, str]]:
    """Return what the product's own prompts say, as far as their maker wrote it down: key -> language -> text."""
    file = _root() / "standard" / "texts.json"
    if not file.is_file():
        return {}
    texts: Any = json.loads(file.read_text(encoding="utf-8"))
    return texts if isinstance(texts, dict) else {}


def write_company_file(tenant_id: int, language: str, sound: str, alaw: bytes) -> Path:
    """Put a version's sound in place whole."""
    target = company_file(tenant_id, language, sound)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}.part")
    partial.write_bytes(alaw)
    partial.replace(target)
    return target


def remove_company_file(tenant_id: int, language: str, sound: str) -> None:
    company_file(tenant_id, language, sound).unlink(missing_ok=True)


def _root() -> Path:
    return Path(settings.DATA_DIR) / "prompts"
