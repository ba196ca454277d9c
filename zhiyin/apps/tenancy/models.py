"""A company (tenant), and what every row that belongs to one shares."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from zhiyin.apps.tenancy.errors import TenantMissing


class Tenant(models.Model):
    """One company. Stands outside row-level security: it must be found before anybody is known."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    language = models.CharField(max_length=8, default="zh")
    region = models.CharField(max_length=2, default="CN")
    is_demo = models.BooleanField(default=False)
    is_guest_calling_on = models.BooleanField(default=True)
    is_direct_sip_on = models.BooleanField(default=True)
    #: rises with every change of settings; the engine and the desks compare it
    settings_version = models.BigIntegerField(default=0)
    #: the company's recording key, encrypted with the installation's vault key
    wrapped_key = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Tenant]] = models.Manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[a-z0-9][a-z0-9-]{1,38}$"), name="tenant_code_form"
            ),
        )

    def __str__(self) -> str:
        return self.code


M = TypeVar("M", bound=models.Model)


class TenantQuerySet(models.QuerySet[M]):
    """A query that already knows its company; what it creates belongs to that company."""

    _tenant_id: int | None = None

    def for_tenant(self, tenant: Tenant) -> Self:
        mine = self.filter(tenant_id=tenant.pk)
        mine._tenant_id = tenant.pk
        return mine

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc] # the stubs leave it out
        clone._tenant_id = self._tenant_id
        return clone

    def create(self, **kwargs: Any) -> M:
        if self._tenant_id is not None:
            kwargs.setdefault("tenant_id", self._tenant_id)
        return super().create(**kwargs)


class TenantManager(models.Manager[M]):
    """Tenancy fails closed: a query that names no company raises ``TenantMissing``."""

    def of(self, tenant: Tenant) -> TenantQuerySet[M]:
        return TenantQuerySet[M](self.model, using=self._db).for_tenant(tenant)

    def get_queryset(self) -> models.QuerySet[M]:
        raise TenantMissing(self.model.__name__)


class TenantModel(models.Model):
    """A row that belongs to one company. Row-level security repeats in the database what ``of`` says here."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        abstract = True
