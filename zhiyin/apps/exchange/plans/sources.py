"""What can be planned: lists that go out, kinds that come in."""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.apps.exchange.replay import ask_list
from zhiyin.apps.refusals import Refusal
from zhiyin.apps.tenancy.actors import Actor


@dataclass(frozen=True, slots=True)
class Source:
    """``has_period``: the list can be narrowed to a time. ``columns``: name -> Chinese, English."""

    list_path: str
    zh: str
    en: str
    has_period: bool
    columns: dict[str, tuple[str, str]]


#: address, Chinese, English, whether it knows "from" and "to"
_LISTS = (
    ("/api/customers", "客户", "Customers", False),
    ("/api/interactions", "联络", "Contacts", True),
    ("/api/recordings", "录音清单", "Recordings (list)", True),
    ("/api/follow-ups", "跟进", "Follow-ups", True),
    ("/api/lists", "名单", "VIP, block and do-not-call lists", False),
    ("/api/audit", "操作日志", "Audit", False),
)


def sources_of(actor: Actor) -> list[Source]:
    """Return the lists that ``actor`` may take away as files, with their columns as they are now."""
    found = []
    for path, zh, en, has_period in _LISTS:
        try:
            listed = ask_list(actor=actor, path=path, query="")
        except Refusal:
            continue
        found.append(Source(path, zh, en, has_period, dict(listed.columns)))
    return found
