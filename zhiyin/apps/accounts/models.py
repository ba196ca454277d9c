"""Users, the organisation they stand in, their roles, and the failed logins that are counted."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower

from zhiyin.apps.accounts import rights as catalogue
from zhiyin.apps.tenancy.models import TenantManager, TenantModel
from zhiyin.domain.permissions import Access, Permissions, Scope


class Department(TenantModel):
    """部门: a node of the company's tree. ``path`` holds the ids from the root down ("3/17/"), so that what is below
    a department is what begins with its path.
    """

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=100)
    path = models.CharField(max_length=400, blank=True)
    position = models.IntegerField(default=0)
    #: sees with the scope "department" what is below it, also without being in one of its teams
    head = models.ForeignKey("User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "tenant",
                "parent",
                Lower("name"),
                name="department_name_taken",
                nulls_distinct=False,
                violation_error_code="name",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Team(TenantModel):
    """班组: the users who work together under a lead, in a department."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=100)
    position = models.IntegerField(default=0)
    lead = models.ForeignKey("User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", Lower("name"), name="team_name_taken", violation_error_code="name"),
        )

    def __str__(self) -> str:
        return self.name


class Site(TenantModel):
    """职场: a place where users work."""

    name = models.CharField(max_length=100)
    address = models.CharField(max_length=200, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", Lower("name"), name="site_name_taken", violation_error_code="name"),
        )

    def __str__(self) -> str:
        return self.name


class Role(TenantModel):
    """角色: what its users may do. The built-in ones follow the catalogue of the product and hold no matrix."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)
    is_built_in = models.BooleanField(default=False)
    #: right -> scope
    rights = models.JSONField(default=dict, blank=True)
    #: "subject.field" -> access
    fields = models.JSONField(default=dict, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant", "code"), name="role_code_taken"),
            models.UniqueConstraint("tenant", Lower("name"), name="role_name_taken", violation_error_code="name"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def permissions(self) -> Permissions:
        if self.is_built_in:
            return catalogue.BUILT_IN[self.code]
        return _permissions_of(tuple(self.rights.items()), tuple(self.fields.items()))


@lru_cache(maxsize=1_000)
def _permissions_of(rights: tuple[tuple[str, str], ...], fields: tuple[tuple[str, str], ...]) -> Permissions:
    """Return what a matrix says; made once for each that is met, not anew for each request."""
    accesses = {}
    for name, access in fields:
        subject, _, field = name.partition(".")
        accesses[subject, field] = Access(access)
    return catalogue.effective(Permissions({right: Scope(scope) for right, scope in rights}, accesses))


class User(AbstractBaseUser, TenantModel):
    """A person with a password. Whoever works at the desk is an agent whose id is the user's."""

    class Telephone(models.TextChoices):
        BROWSER = "browser"
        SIP = "sip"

    username = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="users")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    site = models.ForeignKey(Site, on_delete=models.SET_NULL, null=True, blank=True, related_name="users")
    is_active = models.BooleanField(default=True)
    telephone = models.CharField(max_length=8, choices=Telephone.choices, default=Telephone.BROWSER)
    language = models.CharField(max_length=8, default="zh")
    theme = models.CharField(max_length=8, default="system")
    #: skill's code -> level 1 to 10
    skills = models.JSONField(default=dict, blank=True)
    #: contacts at once, by channel, where they are not the company's
    channel_limits = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    #: a removed user keeps the name for the records, and frees the user name
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "tenant",
                Lower("username"),
                condition=models.Q(removed_at__isnull=True),
                name="user_username_taken",
                violation_error_code="username",
            ),
        )

    def __str__(self) -> str:
        return self.username

    @property
    def rights(self) -> frozenset[str]:
        return frozenset(self.role.permissions.rights)


class Absence(TenantModel):
    """请假: while it lasts, the deputy sees and works what the user owns."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deputised")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (models.Index(fields=("tenant", "deputy", "ends_at"), name="absence_deputy"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="absence_ends_later"),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d} – {self.ends_at:%Y-%m-%d}"


class LoginSession(TenantModel):
    """A browser in which a user is logged in. ``key`` stands in the session itself, in tickets and in the header that
    tells the front of its end; it opens nothing.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_sessions")
    key = models.CharField(max_length=32, unique=True)
    address = models.CharField(max_length=64, blank=True)
    #: what the browser says of itself
    device = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (models.Index(fields=("tenant", "user", "-seen_at"), name="login_session_user"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.began_at:%Y-%m-%d %H:%M}"


class LoginFailure(models.Model):
    """One failed login, counted per user and per address. Knows no company: the one named may not exist."""

    company = models.CharField(max_length=64)
    username = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("company", "username", "at"), name="login_failure_user"),
            models.Index(fields=("address", "at"), name="login_failure_address"),
        )

    def __str__(self) -> str:
        return f"{self.company}/{self.username}"
