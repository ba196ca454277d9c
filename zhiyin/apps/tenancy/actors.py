"""Who asks: the one value that every service takes to know the company, the rights, and whom to name in the audit."""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.permissions import Access, Permissions, Reach, Scope

NO_PERMISSIONS = Permissions()


@dataclass(frozen=True, slots=True)
class Actor:
    """A user at work; or (``user_id`` None) another system with an API key, or the system itself."""

    tenant: Tenant
    user_id: int | None
    name: str
    #: the role's code: "agent", "lead", "administrator", or that of a role the company made
    role: str
    permissions: Permissions = NO_PERMISSIONS
    address: str = ""
    language: str = "zh"
    session: str = ""
    #: the API key that is used instead of a login
    key_id: int | None = None
    #: the teams the user is in or leads
    team_ids: frozenset[int] = frozenset()
    #: the teams of the departments the user is in or heads, and of all below them
    department_team_ids: frozenset[int] = frozenset()
    #: the users whose deputy this one is just now: their things count as own
    deputised_ids: frozenset[int] = frozenset()
    #: the administrator who looks at the product with this user's eyes; nothing can be changed then
    viewed_by: int | None = None
    viewer_name: str = ""
    role_name: str = ""
    role_name_en: str = ""

    @property
    def role_words(self) -> str:
        """The role's name in the reader's language."""
        return self.role_name if self.language.startswith("zh") else self.role_name_en or self.role_name

    @property
    def rights(self) -> frozenset[str]:
        return frozenset(self.permissions.rights)

    def may(self, right: str) -> bool:
        return self.permissions.may(right)

    def scope_of(self, right: str) -> Scope | None:
        """Return over whose things the right holds; ``None``: the right is missing."""
        return self.permissions.scope_of(right)

    def field_access(self, subject: str, field: str) -> Access:
        return self.permissions.access(subject, field)

    @property
    def is_viewed(self) -> bool:
        """Whether an administrator only looks with this user's eyes."""
        return self.viewed_by is not None

    @property
    def reach(self) -> Reach:
        own = self.deputised_ids if self.user_id is None else self.deputised_ids | {self.user_id}
        return Reach(own, self.team_ids, self.department_team_ids)

    @property
    def sees_numbers(self) -> bool:
        """Whether telephone numbers are shown to this user in clear."""
        return self.may("numbers.clear")


def system(tenant: Tenant) -> Actor:
    """Return the product itself, acting for ``tenant``: jobs, first start, demo."""
    permissions = Permissions({"numbers.clear": Scope.ALL})
    return Actor(tenant=tenant, user_id=None, name="system", role="system", permissions=permissions)
