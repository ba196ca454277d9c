"""The count that is kept of each queue's members is what a look at all of them would give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.agents import SIGNED_IN, AgentState
from zhiyin.domain.routing.queues import QueueRule
from zhiyin.engine.headcounts import AT_WORK, PRESENT, Headcounts

AGENTS = st.integers(1, 6)
companies = st.dictionaries(st.integers(1, 4), st.frozensets(AGENTS), max_size=4)
changes = st.one_of(st.tuples(AGENTS, st.sampled_from(AgentState)), companies)


def rules(members: dict[int, frozenset[int]]) -> dict[int, QueueRule]:
    return {queue: QueueRule(queue, of) for queue, of in members.items()}


@given(companies, st.lists(changes, max_size=30))
def test_the_count_kept_is_the_count(
    members: dict[int, frozenset[int]], history: list[tuple[int, AgentState] | dict[int, frozenset[int]]]
) -> None:
    counts, states = Headcounts(rules(members)), dict[int, AgentState]()
    for change in history:
        if isinstance(change, dict):
            members = change
            counts.set_queues(rules(members))
        else:
            states[change[0]] = change[1]
            counts.follow(*change)
        for wanted in (SIGNED_IN, PRESENT, AT_WORK, frozenset({AgentState.READY})):
            for queue in range(1, 5):
                found = [agent for agent in members.get(queue, ()) if states.get(agent) in wanted]
                assert counts.count(queue, wanted) == len(found)
