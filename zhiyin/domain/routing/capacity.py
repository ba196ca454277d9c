"""How many contacts of which channel one agent may have at once. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.domain.routing.policy import ChannelRule

WHOLE = 100
_UNKNOWN = ChannelRule()

#: channel -> contacts the agent has now
Load = Mapping[str, int]


#: of an agent who has no limits of his or her own
NO_LIMITS: Mapping[str, int] = {}


def can_take(load: Load, channel: str, rules: Mapping[str, ChannelRule], limits: Mapping[str, int] = NO_LIMITS) -> bool:
    """Return whether one more contact of ``channel`` may be offered. ``limits``: the agent's own, by channel.

    What the new one may interrupt is set aside; of the rest the efforts must leave room for it.
    """
    rule = rules.get(channel, _UNKNOWN)
    if load.get(channel, 0) >= limits.get(channel, rule.limit):
        return False
    effort = rule.effort
    for other, count in load.items():
        if count and (other == channel or other not in rule.interrupts):
            effort += count * rules.get(other, _UNKNOWN).effort
    return effort <= WHOLE
