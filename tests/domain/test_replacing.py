"""``replace`` does what ``dataclasses.replace`` does, for whatever class it is given."""

from __future__ import annotations

import dataclasses
import pickle
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.agents import Agent, AgentState
from zhiyin.domain.calls.live import Live
from zhiyin.domain.interactions import Interaction, Phase
from zhiyin.domain.replacing import replace

NAMES = [one.name for one in dataclasses.fields(Interaction)]


@dataclass(frozen=True, slots=True)
class Checked:
    """Does more than keep its fields."""

    least: int
    most: int

    def __post_init__(self) -> None:
        if self.least > self.most:
            raise ValueError("least is more than most")


@dataclass(frozen=True, slots=True)
class Base:
    one: int = 1


@dataclass(frozen=True, slots=True)
class Heir(Base):
    """Its slots stand in two classes."""

    two: int = 2


@dataclass(frozen=True)
class WithoutSlots:
    one: int = 1


@dataclass(frozen=True, slots=True)
class Counting:
    """A field that nobody gives."""

    one: int = 1
    made: list[int] = field(default_factory=list, init=False)


@given(changes=st.dictionaries(st.sampled_from(NAMES), st.integers() | st.none(), max_size=8))
def test_a_contact_is_copied_as_by_the_standard_library(changes: dict[str, Any]) -> None:
    before = Interaction("c1", phase=Phase.WAITING, skills={"english": 3}, path=("1",))
    values = dataclasses.asdict(before)
    after = replace(before, **changes)
    assert after == dataclasses.replace(before, **changes)
    assert type(after) is Interaction
    assert dataclasses.asdict(before) == values, "what is copied stays as it was"


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        (Agent(1), {"state": AgentState.READY}),
        (Live(), {"playbacks": 3}),
        (Heir(), {"one": 5}),
        (Heir(), {"two": 5}),
        (WithoutSlots(), {"one": 5}),
        (Checked(1, 2), {"most": 7}),
        (Counting(), {"one": 5}),
    ],
    ids=lambda one: type(one).__name__,
)
def test_other_classes_are_copied_as_by_the_standard_library(before: Any, changes: dict[str, Any]) -> None:
    after = replace(before, **changes)
    assert after == dataclasses.replace(before, **changes)
    assert type(after) is type(before)
    assert after is not before


def test_a_copy_is_as_frozen_as_what_it_was_made_from() -> None:
    after = replace(Agent(1), state=AgentState.READY)
    with pytest.raises(dataclasses.FrozenInstanceError):
        after.state = AgentState.REST  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(after)) == after


def test_a_copy_has_the_hash_of_its_equal() -> None:
    assert hash(replace(Heir(), one=3)) == hash(Heir(one=3))


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(TypeError, match="no field 'stat'"):
        replace(Agent(1), stat=AgentState.READY)  # type: ignore[call-arg]


def test_what_a_class_checks_is_checked_in_copies_too() -> None:
    with pytest.raises(ValueError, match="more than most"):
        replace(Checked(1, 2), least=3)
