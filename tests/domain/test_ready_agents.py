"""The index of ready agents chooses as looking at every agent does: same agent, same record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.routing.matching import Candidate, Waiting, choose_agent
from zhiyin.domain.routing.ready import ReadyAgents

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)

agents = st.integers(1, 12)
skills = st.dictionaries(st.sampled_from(["english", "billing"]), st.integers(1, 3), max_size=2)
instants = st.integers(0, 5).map(lambda s: NINE + timedelta(seconds=s))
put = st.builds(Candidate, agents, instants, skills)
waiting = st.builds(
    Waiting,
    interaction=st.just("one"),
    queue=st.just(1),
    queued_at=instants,
    skills=st.one_of(st.just({}), skills),
    refused_by=st.frozensets(agents, max_size=4),
    only_agent=st.one_of(st.none(), agents),
)


@given(st.lists(st.one_of(put, agents), max_size=60), waiting)
def test_the_index_chooses_as_a_look_at_everybody_does(history: list[Candidate | int], contact: Waiting) -> None:
    index, everybody = ReadyAgents(), dict[int, Candidate]()
    for step in history:
        if isinstance(step, Candidate):
            index.put(step)
            everybody[step.id] = step
        else:
            index.drop(step)
            everybody.pop(step, None)
    now = NINE + timedelta(seconds=9)
    assert len(index) == len(everybody)
    assert index.choose(contact, now=now) == choose_agent(contact, everybody.values(), now=now)
