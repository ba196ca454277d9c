"""What a contact asks of whoever takes it: skills with levels, joined by "all of" and "any of". Pure.

A requirement is a value: equal ones are one key. Levels go from 1 to 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LOWEST, HIGHEST = 1, 10
#: How deep a requirement may be nested, and how many skills it may name: it is asked of every agent.
DEEPEST, MOST_SKILLS = 4, 50


@dataclass(frozen=True, slots=True)
class NeedsSkill:
    """At least ``level`` (1-10) in one skill."""

    skill: str
    level: int = LOWEST
    _hash: int = field(init=False, repr=False, compare=False)  # asked for at every arrival

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.skill, self.level)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class NeedsAll:
    """Every one of them; nothing at all where there are none."""

    of: tuple[Requirement, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)  # asked for at every arrival

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(("all", self.of)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class NeedsAny:
    """One of them is enough."""

    of: tuple[Requirement, ...]
    _hash: int = field(init=False, repr=False, compare=False)  # asked for at every arrival

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(("any", self.of)))

    def __hash__(self) -> int:
        return self._hash


Requirement = NeedsSkill | NeedsAll | NeedsAny
Skills = Mapping[str, int]

NOTHING = NeedsAll()


def is_met(requirement: Requirement, skills: Skills) -> bool:
    """Return whether somebody with these skills (skill -> level) may take it."""
    match requirement:
        case NeedsSkill(skill, level):
            return skills.get(skill, 0) >= level
        case NeedsAll(of):
            return all(is_met(part, skills) for part in of)
        case NeedsAny(of):
            return any(is_met(part, skills) for part in of)


def all_of(parts: Iterable[Requirement]) -> Requirement:
    """Return what asks for all of ``parts``, flat, in one order, each skill once at its highest level."""
    levels: dict[str, int] = {}
    others: dict[Requirement, None] = {}
    waiting = list(parts)
    while waiting:
        match waiting.pop():
            case NeedsAll(of):
                waiting.extend(of)
            case NeedsSkill(skill, level):
                levels[skill] = max(level, levels.get(skill, 0))
            case part:
                others[part] = None
    flat = (*(NeedsSkill(skill, levels[skill]) for skill in sorted(levels)), *sorted(others, key=repr))
    return flat[0] if len(flat) == 1 else NeedsAll(flat)


def levels_of(skills: Skills) -> Requirement:
    """Return what asks for every one of these skills at its level."""
    return all_of(NeedsSkill(skill, level) for skill, level in skills.items())


def relax(requirement: Requirement, *, lower_by: int = 0, drop: frozenset[str] = frozenset()) -> Requirement:
    """Return ``requirement`` with levels lowered (never under 1) and these skills no longer asked for.

    A dropped skill counts as had: an "any of" that names it is met.
    """
    match requirement:
        case NeedsSkill(skill, level):
            return NOTHING if skill in drop else NeedsSkill(skill, max(LOWEST, level - lower_by))
        case NeedsAll(of):
            return all_of(relax(part, lower_by=lower_by, drop=drop) for part in of)
        case NeedsAny(of):
            parts = tuple(relax(part, lower_by=lower_by, drop=drop) for part in of)
            return NOTHING if NOTHING in parts else NeedsAny(parts)


def skills_named(requirement: Requirement) -> frozenset[str]:
    """Return every skill that it names."""
    match requirement:
        case NeedsSkill(skill):
            return frozenset({skill})
        case NeedsAll(of) | NeedsAny(of):
            return frozenset().union(*(skills_named(part) for part in of))


def missing(requirement: Requirement, skills: Skills) -> tuple[NeedsSkill, ...]:
    """Return what of it these skills do not meet, as few as explain a refusal: () where it is met."""
    match requirement:
        case NeedsSkill():
            return () if is_met(requirement, skills) else (requirement,)
        case NeedsAll(of):
            return tuple(lack for part in of for lack in missing(part, skills))
        case NeedsAny(of):
            lacks = [missing(part, skills) for part in of]
            return min(lacks, key=len, default=()) if all(lacks) else ()
