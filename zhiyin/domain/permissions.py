"""What a role may do: rights with a scope, and how far single fields may be seen and changed. Pure.

A right is a code such as "customers.read". Its scope says over whose things it holds: the actor's own, those of the
actor's team, those of the team's department and all below it, or all. Each scope includes the narrower ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class _Ordered(StrEnum):
    """Words in their order, the least first; compared by ``covers`` alone, since text would compare by letters."""

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)


class Scope(_Ordered):
    """Over whose things a right holds."""

    OWN = "own"
    TEAM = "team"
    DEPARTMENT = "department"
    ALL = "all"

    def covers(self, other: Scope) -> bool:
        return self.rank >= other.rank


class Access(_Ordered):
    """What a role may do with a field: not know of it, see it masked, see it, change it."""

    HIDE = "hide"
    MASK = "mask"
    READ = "read"
    WRITE = "write"

    def covers(self, other: Access) -> bool:
        return self.rank >= other.rank


def mask_text(text: str) -> str:
    """Return text with all but its first sign hidden; how long it was is not told."""
    return f"{text[0]}***" if text else ""


#: subject and field, such as ("customer", "numbers")
Field = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Permissions:
    """A role's matrix. A right that is not named is not there; a field that is not named may be written."""

    rights: Mapping[str, Scope] = field(default_factory=dict, hash=False)
    fields: Mapping[Field, Access] = field(default_factory=dict, hash=False)

    def may(self, right: str) -> bool:
        return right in self.rights

    def scope_of(self, right: str) -> Scope | None:
        return self.rights.get(right)

    def access(self, subject: str, name: str) -> Access:
        return self.fields.get((subject, name), Access.WRITE)

    def is_within(self, other: Permissions) -> bool:
        """Return whether nobody could do by these permissions what ``other`` does not allow."""
        for right, scope in self.rights.items():
            theirs = other.scope_of(right)
            if theirs is None or not theirs.covers(scope):
                return False
        names = {*self.fields, *other.fields}
        return all(other.access(*name).covers(self.access(*name)) for name in names)

    def narrowed_to(self, other: Permissions) -> Permissions:
        """Return what both allow: the narrower scope of each right, the lesser access to each field."""
        rights = {}
        for right, scope in self.rights.items():
            theirs = other.scope_of(right)
            if theirs is not None:
                rights[right] = scope if theirs.covers(scope) else theirs
        fields = {}
        for name in (*self.fields, *other.fields):
            mine, its = self.access(*name), other.access(*name)
            fields[name] = mine if its.covers(mine) else its
        return Permissions(rights, fields)

    def without(self, rights: Iterable[str]) -> Permissions:
        gone = set(rights)
        return Permissions({right: scope for right, scope in self.rights.items() if right not in gone}, self.fields)


@dataclass(frozen=True, slots=True)
class Reach:
    """Who an actor is in the organisation: users whose things count as own, and the teams of each wider scope."""

    users: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()
    department_teams: frozenset[int] = frozenset()

    def teams_of(self, scope: Scope | None) -> frozenset[int] | None:
        """Return the teams whose things are within a scope; ``None``: all things, whosever."""
        match scope:
            case Scope.ALL:
                return None
            case Scope.DEPARTMENT:
                return self.teams | self.department_teams
            case Scope.TEAM:
                return self.teams
            case _:
                return frozenset()

    def includes(self, scope: Scope | None, *, owner: int | None, team: int | None) -> bool:
        """Return whether a thing of ``owner`` and ``team`` is within a scope; nothing is where the right is missing."""
        if scope is None:
            return False
        if owner is not None and owner in self.users:
            return True
        teams = self.teams_of(scope)
        return teams is None or (team is not None and team in teams)
