"""Who asks: the one value that every service takes to know the company, the rights, and whom to name in the audit."""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.apps.tenancy.models import Tenant


@dataclass(frozen=True, slots=True)
class Actor:
    """A user at work; or (``user_id`` None) another system with an API key, or the system itself."""

    tenant: Tenant
    user_id: int | None
    name: str
    role: str
    rights: frozenset[str]
    address: str = ""
    language: str = "zh"
    session: str = ""
    #: the API key that is used instead of a login
    key_id: int | None = None

    def may(self, right: str) -> bool:
        return right in self.rights

    @property
    def sees_numbers(self) -> bool:
        """Whether telephone numbers are shown to this user in clear."""
        return "numbers.clear" in self.rights


def system(tenant: Tenant) -> Actor:
    """Return the product itself, acting for ``tenant``: jobs, first start, demo."""
    return Actor(tenant=tenant, user_id=None, name="system", role="system", rights=frozenset({"numbers.clear"}))
