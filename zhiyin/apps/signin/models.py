"""What people show beside the password, and what their company demands."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from zhiyin.apps.accounts.models import User
from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class SignInPolicy(TenantModel):
    """登录策略: what a company demands when its people log in; without a row, nothing beside the password."""

    #: codes of the roles whose users need a second factor
    second_factor_roles = models.JSONField(default=list, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant",), name="sign_in_policy_of_company"),)

    def __str__(self) -> str:
        return f"policy of {self.tenant_id}"


class SecondFactor(TenantModel):
    """双因素: the secret that an authenticator app and we share. It counts from ``confirmed_at`` on."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    sealed_secret = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    #: the time step of the newest code that was taken: neither it nor an older one is taken again
    last_step = models.BigIntegerField(default=0)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


class RecoveryCode(TenantModel):
    """恢复码: lets its user in once where the authenticator app is out of reach. Only a keyed hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant", "user", "digest"), name="recovery_code_once"),)

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"
