"""The queues of `./dev bench calls --queues --members`: both sides are measured with the same memberships."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.many_queues import Layout


@given(agents=st.integers(1, 400), queues=st.integers(1, 60), data=st.data())
def test_every_queue_is_full_and_no_agent_is_in_two_more_than_another(
    agents: int, queues: int, data: st.DataObject
) -> None:
    members = data.draw(st.integers(1, agents))
    layout = Layout(agents, queues, members)
    found = [layout.members_of(queue) for queue in range(queues)]
    assert all(len(set(one)) == members for one in found)
    counted = Counter(agent for one in found for agent in one)
    of_each = [counted[agent] for agent in range(1, agents + 1)]
    assert max(of_each) - min(of_each) <= 1
    assert len(set(layout.numbers)) == queues


@pytest.mark.parametrize(("agents", "queues", "members"), [(10, 2, 11), (10, 0, 5), (10, 2, 0)])
def test_what_cannot_be_made_is_refused(agents: int, queues: int, members: int) -> None:
    with pytest.raises(ValueError, match="cannot be made"):
        Layout(agents, queues, members)
