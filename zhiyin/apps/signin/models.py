"""What people show beside the password, and what their company demands."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from zhiyin.apps.accounts.models import Team, User
from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class SignInPolicy(TenantModel):
    """登录策略: what a company demands when its people log in; without a row, nothing beside the password."""

    #: codes of the roles whose users need a second factor
    second_factor_roles = models.JSONField(default=list, blank=True)
    #: passwords let nobody in any more, save the one administrator named here (应急账号)
    is_sso_only = models.BooleanField(default=False)
    break_glass = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

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


class IdentityProvider(TenantModel):
    """身份提供方: where a company's people log in instead of here (单点登录)."""

    class Kind(models.TextChoices):
        OIDC = "oidc"
        SAML = "saml"

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    #: stands in the addresses that the provider is told, and cannot be guessed
    key = models.CharField(max_length=32, unique=True)
    #: "https://host": where people open this installation; never taken from a request that signs somebody in
    origin = models.CharField(max_length=200)
    is_enabled = models.BooleanField(default=True)
    #: OIDC: the issuer's address. SAML: the provider's entity id
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=200, blank=True)
    sealed_secret = models.CharField(max_length=700, blank=True)
    scopes = models.CharField(max_length=200, default="openid profile email", blank=True)
    #: SAML: where people are sent, and the certificates whose keys sign
    login_url = models.CharField(max_length=500, blank=True)
    certificates = models.JSONField(default=list, blank=True)
    #: names of claims (attributes); SAML's ``user_claim`` "" is the NameID
    user_claim = models.CharField(max_length=200, blank=True)
    name_claim = models.CharField(max_length=200, blank=True)
    group_claim = models.CharField(max_length=200, blank=True)
    #: where not empty, only people with a mail address (verified) in one of these come in; needed where the user name
    #: is taken from an address
    mail_domains = models.JSONField(default=list, blank=True)
    #: whether who is unknown gets the existing account of the same user name, or a new one
    links_existing = models.BooleanField(default=False)
    does_create = models.BooleanField(default=False)
    default_role = models.CharField(max_length=40, default="agent")
    default_team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    #: the first that fits gives a new user its role and team: [{"group", "role", "team"}]
    group_roles = models.JSONField(default=list, blank=True)
    #: whether role and team follow the groups at every log-in, and who said so: never to more than that user may do
    follows_groups = models.BooleanField(default=False)
    mapped_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", Lower("name"), name="provider_name_taken", violation_error_code="name"),
        )

    def __str__(self) -> str:
        return self.name


class Identity(TenantModel):
    """Whom a provider means by a subject; a subject is never given to another user."""

    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="identities")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=255)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("provider", "subject"), name="identity_subject_taken"),
            models.UniqueConstraint(fields=("provider", "user"), name="identity_of_user"),
        )

    def __str__(self) -> str:
        return f"{self.provider_id} {self.user_id}"


class SignInAttempt(TenantModel):
    """Somebody who was sent to a provider: an answer counts only for one of these, in the same browser, and once."""

    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=64, unique=True)
    #: OIDC: what the ID token must repeat, and what proves that the code is ours. SAML: the request's id
    nonce = models.CharField(max_length=64)
    verifier = models.CharField(max_length=128, blank=True)
    next = models.CharField(max_length=500, blank=True)
    began_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    #: SAML: whom the answer named, until the browser itself comes for it
    answer = models.JSONField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (models.Index(fields=("began_at",), name="sign_in_attempt_began"),)

    def __str__(self) -> str:
        return f"attempt at {self.provider_id}"
