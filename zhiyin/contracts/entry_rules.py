"""From the published settings to the entry rules as the domain reads them, for the engine and who tries them."""

from __future__ import annotations

import structlog

from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.contracts.snapshots import EntryRuleSetting, TenantSettings
from zhiyin.domain.flows.entries import EntryRule

log = structlog.get_logger(__name__)


def entry_rules_of(settings: TenantSettings) -> tuple[EntryRule, ...]:
    """Return the rules in the order of trying; one whose numbers none can be read is left out, for it fits nobody."""
    rules = (entry_rule_of(one, region=settings.region) for one in settings.entry_rules if one.is_enabled)
    return tuple(rule for rule in rules if rule is not None)


def entry_rule_of(one: EntryRuleSetting, *, region: str) -> EntryRule | None:
    """Return the rule, or None where it is for numbers of which none can be read."""
    numbers = set()
    for number in one.numbers:
        try:
            numbers.add(normalise_number(number, region))
        except BadNumber:
            log.error("number_unreadable", entry_rule=one.id)
    if one.numbers and not numbers:
        return None
    return EntryRule(
        id=one.id,
        flow=one.flow,
        numbers=frozenset(numbers),
        customer_classes=frozenset(one.customer_classes),
        is_vip_only=one.is_vip_only,
        hours=one.hours,
        is_open_wanted=one.is_open_wanted,
        share_pct=one.share_pct,
    )
