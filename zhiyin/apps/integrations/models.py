"""API keys and their allowances; events that others may hear of; webhooks and what was sent to them."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from zhiyin.apps.tenancy.models import Tenant, TenantManager, TenantModel


class CurrentTransaction(models.Func):
    """The number of the transaction that writes, by which a reader knows what may not be read yet."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class ApiKey(TenantModel):
    """What another system shows instead of a login. The secret itself is nowhere: only its digest."""

    name = models.CharField(max_length=60)
    #: the part that is shown in lists and in the audit; finds the row
    public_id = models.CharField(max_length=12, unique=True)
    #: SHA-256 of the secret part: 256 random bits need no slower hash
    digest = models.CharField(max_length=64)
    #: codes of rights, a subset of what its maker had
    rights = models.JSONField(default=list)
    #: addresses and networks it may be used from; empty: from everywhere
    addresses = models.JSONField(default=list, blank=True)
    calls_per_minute = models.PositiveIntegerField(default=600)
    expires_at = models.DateTimeField(null=True, blank=True)
    made_by = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    #: to the minute
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_address = models.CharField(max_length=64, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "tenant",
                Lower("name"),
                condition=models.Q(revoked_at__isnull=True),
                name="api_key_name_taken",
                violation_error_code="name",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The beginning of the key as its user holds it, by which it is told from others."""
        return f"zyk_{self.tenant_id}_{self.public_id}"


class KeyAllowance(TenantModel):
    """A bucket of calls that fills up again. The table is unlogged: emptied by a crash, and cheap to write."""

    key = models.OneToOneField(ApiKey, on_delete=models.CASCADE, primary_key=True, related_name="+")
    calls = models.FloatField()
    filled_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    def __str__(self) -> str:
        return f"{self.key_id}: {self.calls}"


class Event(TenantModel):
    """A fact that other systems may hear of, without personal data: those are read when it is told, as far as the
    hearer may see them. Written in the transaction of the fact (of its projection); kept for a week.

    Where a reader stands is the pair (``txid``, ``id``): only transactions older than every open one are read, so
    that none is skipped because it committed late.
    """

    event_id = models.UUIDField(default=uuid.uuid4)
    txid = models.BigIntegerField(db_default=CurrentTransaction())
    type = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    #: "contact", "customer" ..., and its id
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (
            models.Index(fields=("tenant", "txid", "id"), name="integrations_event_cursor"),
            models.Index(fields=("at",), name="integrations_event_at"),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.subject_id}"


class Webhook(TenantModel):
    """An address of another system that is told of events as they happen."""

    name = models.CharField(max_length=60)
    url = models.CharField(max_length=500)
    #: types of events
    events = models.JSONField(default=list)
    #: what it may see of personal data, as an API key's rights
    rights = models.JSONField(default=list)
    sealed_secret = models.CharField(max_length=300)
    #: valid beside the new one for a day, so that the receiver can change over without losing anything
    sealed_secret_before = models.CharField(max_length=300, blank=True)
    secret_changed_at = models.DateTimeField(null=True, blank=True)
    is_enabled = models.BooleanField(default=True)
    #: nothing was taken since then; None: the last try succeeded
    failing_since = models.DateTimeField(null=True, blank=True)
    #: "" or why it was switched off by itself: "failing" or "gone"
    disabled_why = models.CharField(max_length=12, blank=True)
    made_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", Lower("name"), name="webhook_name_taken", violation_error_code="name"),
        )

    def __str__(self) -> str:
        return self.name


class Delivery(TenantModel):
    """One event for one webhook: what was sent, what was answered, when it is tried again. Kept for two weeks."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"  # given up
        DROPPED = "dropped"  # the webhook was switched off before

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="+")
    event_id = models.UUIDField()
    type = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    #: null: nothing more is tried
    due_at = models.DateTimeField(null=True)
    #: each try: {at, status, duration_ms, error}
    tries = models.JSONField(default=list)
    #: what was sent, the same bytes at each try
    body = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint("webhook", "event_id", name="delivery_once"),)
        indexes = (
            models.Index(
                fields=("webhook", "due_at", "id"), condition=models.Q(due_at__isnull=False), name="delivery_due"
            ),
            models.Index(fields=("tenant", "webhook", "-id"), name="delivery_log"),
            models.Index(fields=("at",), name="delivery_at"),
        )

    def __str__(self) -> str:
        return f"{self.type} → {self.webhook_id}"


class InboundHook(TenantModel):
    """An address at which another system tells us something, and what is made of it."""

    class Check(models.TextChoices):
        TOKEN = "token"  # noqa: S105 - the secret itself stands in a header
        SIGNATURE = "signature"  # Standard Webhooks

    class Action(models.TextChoices):
        CUSTOMER = "customer"

    name = models.CharField(max_length=60)
    #: the part of the address that nobody guesses
    public_id = models.CharField(max_length=32, unique=True)
    check_by = models.CharField(max_length=10, choices=Check.choices, default=Check.SIGNATURE)
    sealed_secret = models.CharField(max_length=300)
    action = models.CharField(max_length=20, choices=Action.choices, default=Action.CUSTOMER)
    #: [{pointer, field}]: where in the body a field's value stands
    mapping = models.JSONField(default=list)
    calls_per_minute = models.PositiveIntegerField(default=120)
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", Lower("name"), name="inbound_name_taken", violation_error_code="name"),
        )

    def __str__(self) -> str:
        return self.name


class InboundCall(TenantModel):
    """One message that came in and what became of it. Kept for two weeks; the message itself is not."""

    hook = models.ForeignKey(InboundHook, on_delete=models.CASCADE, related_name="+")
    #: null where the sender was not believed: whoever guesses ids must not take them from the real sender
    message_id = models.CharField(max_length=128, null=True)
    at = models.DateTimeField()
    address = models.CharField(max_length=64, blank=True)
    #: "" or why nothing was done: a refusal's code
    problem = models.CharField(max_length=60, blank=True)
    #: field -> code, where the refusal names fields
    fields = models.JSONField(default=dict)
    #: what was done: {customer, is_new}
    outcome = models.JSONField(default=dict)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint("hook", "message_id", name="inbound_call_once"),)
        indexes = (
            models.Index(fields=("tenant", "hook", "-at"), name="inbound_call_log"),
            models.Index(fields=("at",), name="inbound_call_at"),
        )

    def __str__(self) -> str:
        return f"{self.hook_id} {self.at}"


class Connector(TenantModel):
    """Another system that holds customers: told of contacts, asked for customers. How, its kind knows."""

    name = models.CharField(max_length=60)
    #: one of ``connectors.kinds.KINDS``
    kind = models.CharField(max_length=20)
    url = models.CharField(max_length=500)
    sealed_secret = models.CharField(max_length=500)
    pushes_contacts = models.BooleanField(default=True)
    pulls_customers = models.BooleanField(default=False)
    #: [{pointer, field}]: where in a customer of the other system a field's value stands
    mapping = models.JSONField(default=list)
    pull_every_min = models.PositiveSmallIntegerField(default=15)
    #: when customers are asked for again
    pull_due_at = models.DateTimeField(null=True)
    #: how far they were read, in the kind's own words
    cursor = models.JSONField(default=dict)
    is_enabled = models.BooleanField(default=True)
    #: "" or why it was switched off by itself: "refused" or "failing"
    disabled_why = models.CharField(max_length=12, blank=True)
    #: nothing succeeded since then
    failing_since = models.DateTimeField(null=True)
    #: "" or the last fault's code
    last_fault = models.CharField(max_length=40, blank=True)
    succeeded_at = models.DateTimeField(null=True)
    #: it asked to be left alone until then
    rests_until = models.DateTimeField(null=True)
    made_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", Lower("name"), name="connector_name_taken", violation_error_code="name"),
        )

    def __str__(self) -> str:
        return self.name


class ConnectorTask(TenantModel):
    """One thing to do with another system, and its log: ids and codes, no content. Kept for two weeks."""

    class Kind(models.TextChoices):
        PUSH = "push"  # tell of a contact
        PULL = "pull"  # ask for changed customers

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"  # given up

    connector = models.ForeignKey(Connector, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    #: of a push
    contact_id = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    #: null: nothing more is tried
    due_at = models.DateTimeField(null=True)
    #: each try: {at, fault, status}
    tries = models.JSONField(default=list)
    #: of a push: the record's id over there
    remote_id = models.CharField(max_length=80, blank=True)
    #: of a pull: {made, changed, refused}
    counts = models.JSONField(default=dict)
    #: of a pull, the first that were refused: {remote_id, code, fields}
    problems = models.JSONField(default=list)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "connector", "contact_id", condition=models.Q(kind="push"), name="connector_contact_once"
            ),
            models.UniqueConstraint(
                "connector", condition=models.Q(kind="pull", state="waiting"), name="connector_pulls_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("connector", "due_at", "id"),
                condition=models.Q(due_at__isnull=False),
                name="connector_task_due",
            ),
            models.Index(fields=("tenant", "connector", "-id"), name="connector_task_log"),
            models.Index(fields=("at",), name="connector_task_at"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.contact_id} {self.state}"


class ConnectorLink(TenantModel):
    """Which customer of ours one of the other system is."""

    connector = models.ForeignKey(Connector, on_delete=models.CASCADE, related_name="+")
    remote_id = models.CharField(max_length=80)
    customer_id = models.BigIntegerField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint("connector", "remote_id", name="connector_link_once"),)
        indexes = (models.Index(fields=("tenant", "customer_id"), name="connector_link_customer"),)

    def __str__(self) -> str:
        return f"{self.remote_id} = {self.customer_id}"


class ScreenAddress(models.Model):
    """Which page of another system the desk opens for a contact."""

    class Opens(models.TextChoices):
        BUTTON = "button"
        TAB = "tab"  # by itself, once the contact is answered

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, primary_key=True, related_name="+")
    #: with gaps, ``domain.screen_addresses``; "": none
    template = models.CharField(max_length=1000, blank=True)
    opens = models.CharField(max_length=6, choices=Opens.choices, default=Opens.BUTTON)
    #: whole numbers stand in the address also for users who see them masked
    tells_numbers = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.template


class TelephoneEmbedding(models.Model):
    """Whose pages may show this company's telephone in a frame and speak with it."""

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, primary_key=True, related_name="+")
    #: as browsers write them, ``domain.origins``
    origins = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return " ".join(self.origins)
