"""What the API says and takes of users."""

from collections.abc import Sequence
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts.models import User
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.rest.schemas import ListIn, Page

Username = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=r"^[^\s/@:;<>\"]+$")
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Language = Literal["zh", "en"]
#: a role's code: "agent", "lead", "administrator", or that of one the company made
Role = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Telephone = Literal["browser", "sip"]
Skills = dict[Annotated[str, StringConstraints(min_length=1, max_length=40)], Annotated[int, Field(ge=1, le=10)]]


class UserOut(Schema):
    id: int
    username: str
    name: str
    role: Role
    role_name: str
    team: int | None
    team_name: str
    site: int | None
    site_name: str
    is_active: bool
    telephone: Telephone
    language: Language
    skills: dict[str, int]
    queues: list[int]


class UserPage(Page[UserOut]):
    pass


class UserListIn(ListIn):
    """``team`` 0: users without a team. ``department`` includes those below it."""

    role: str = Field(default="", max_length=40)
    team: int | None = None
    department: int | None = None
    site: int | None = None
    is_active: bool | None = None


class UserPatchIn(Schema):
    """What is left out stays; ``team`` and ``site`` null: none."""

    username: Username | None = None
    name: Name | None = None
    role: Role | None = None
    team: int | None = None
    site: int | None = None
    is_active: bool | None = None
    telephone: Telephone | None = None
    language: Language | None = None
    skills: Skills | None = None
    queues: list[int] | None = None


class UserIn(Schema):
    """Without ``team`` the user joins the company's only team, where there is but one."""

    username: Username
    name: Name
    password: Password
    role: Role = "agent"
    team: int | None = None
    site: int | None = None
    is_active: bool = True
    telephone: Telephone = "browser"
    language: Language = "zh"
    skills: Skills = {}
    queues: list[int] = []


class UsersChangeIn(Schema):
    """The same change for several users, all or none."""

    ids: list[int] = Field(min_length=1, max_length=200)
    role: Role | None = None
    team: int | None = None
    site: int | None = None
    is_active: bool | None = None


class ChangedOut(Schema):
    changed: int


class OwnedKindOut(Schema):
    """``kind``: the plural of what is owned, with its words."""

    kind: str
    zh: str
    en: str
    count: int


class OwnedListOut(Schema):
    items: list[OwnedKindOut]


class HandOverIn(Schema):
    to: int


class HandedOverOut(Schema):
    """How many of each kind."""

    moved: dict[str, int]


class RemoveUserIn(Schema):
    """``hand_over_to``: who takes over what the user owns. ``leaves_owned``: it stays the removed user's."""

    hand_over_to: int | None = None
    leaves_owned: bool = False


COLUMNS = {
    "username": ("用户名", "User name"),
    "name": ("姓名", "Name"),
    "role_name": ("角色", "Role"),
    "team_name": ("班组", "Team"),
    "site_name": ("职场", "Site"),
    "is_active": ("启用", "Active"),
    "telephone": ("话机", "Telephone"),
    "language": ("语言", "Language"),
}
_PLAIN = ("id", "username", "name", "is_active", "telephone", "language", "skills")
_NULLABLE = frozenset({"team", "site"})


def named_fields(body: Schema, *, without: frozenset[str] = frozenset()) -> dict[str, object]:
    """Return what was sent of a user; a null counts where it means "none"."""
    sent = body.dict(exclude_unset=True, exclude=set(without))
    return {name: value for name, value in sent.items() if value is not None or name in _NULLABLE}


def shape_users(rows: Sequence[User], *, language: str = "zh") -> list[UserOut]:
    """Return users as the API shows them; ``rows`` come with role, team and site."""
    memberships = queues.queues_by_user(tenant_id=rows[0].tenant_id, user_ids=[row.pk for row in rows]) if rows else {}
    is_chinese = language.startswith("zh")
    return [
        UserOut(
            **{name: getattr(row, name) for name in _PLAIN},
            role=row.role.code,
            role_name=row.role.name if is_chinese else row.role.name_en or row.role.name,
            team=row.team_id,
            team_name=row.team.name if row.team else "",
            site=row.site_id,
            site_name=row.site.name if row.site else "",
            queues=memberships.get(row.pk, []),
        )
        for row in rows
    ]
