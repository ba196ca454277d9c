"""What an examination finds, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from zhiyin.config.supervisor.words import in_words


@dataclass(frozen=True, slots=True)
class Finding:
    """``level``: "ok", "warn" (works, but look at it), "bad" (will not work). The words say what is and what to do."""

    code: str
    level: Literal["ok", "warn", "bad"]
    en: str
    zh: str


def print_findings(findings: Iterable[Finding], *, is_json: bool) -> int:
    """Print each as soon as it is found; return 0 when nothing is bad, else 1."""
    marks = {"ok": in_words("ok  ", "正常"), "warn": in_words("warn", "注意"), "bad": in_words("BAD ", "问题")}
    is_bad = False
    for finding in findings:
        is_bad = is_bad or finding.level == "bad"
        if is_json:
            print(json.dumps(asdict(finding), ensure_ascii=False), flush=True)
        else:
            print(f"{marks[finding.level]}  {in_words(finding.en, finding.zh)}", flush=True)
    return int(is_bad)
