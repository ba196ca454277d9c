"""Flows, their published versions, opening hours, and the versions of the company's own prompts."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class Flow(TenantModel):
    """A flow: its draft, and which version of it is in force (0: none yet)."""

    name = models.CharField(max_length=60)
    draft = models.JSONField()
    #: rises with every saved draft, so that two editors do not overwrite each other
    draft_version = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)
    #: whether a draft may be put in force though a test of it fails
    needs_tests = models.BooleanField(default=False, db_default=False)
    #: after so many steps a caller should have been offered a person; null: nobody minds
    person_within = models.PositiveSmallIntegerField(default=5, db_default=5, null=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", Lower("name"), name="flow_name_taken", violation_error_code="name"),
        )

    def __str__(self) -> str:
        return self.name


class FlowVersion(TenantModel):
    """What was published: never changed, since calls end on the version they began with."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    #: as drawn
    graph = models.JSONField()
    #: with the nodes of all sub-flows, as it runs; null where it uses none
    inlined = models.JSONField(null=True, default=None)
    #: what it uses: [{"node", "flow", "version"}]
    uses = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant", "flow", "version"), name="flow_version_once"),)

    def __str__(self) -> str:
        return f"{self.flow_id} v{self.version}"


class FlowTest(TenantModel):
    """A caller's script that stands beside a flow (``domain/flow_scripts``)."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    script = models.TextField()
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "tenant", "flow", Lower("name"), name="flow_test_name_taken", violation_error_code="name"
            ),
        )

    def __str__(self) -> str:
        return self.name


class FlowEditing(TenantModel):
    """Who has a flow's draft open to change it; it counts until ``editing.LEASE`` after ``seen_at``."""

    flow = models.OneToOneField(Flow, on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField()
    name = models.CharField(max_length=100)
    #: the page that has it open: one user may have several
    page = models.CharField(max_length=40)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    def __str__(self) -> str:
        return f"{self.flow_id}: {self.user_id}"


class Hours(TenantModel):
    """Opening hours: seven lists of spans (Monday first), and dates that replace their weekday."""

    name = models.CharField(max_length=60)
    weekly = models.JSONField()
    dates = models.JSONField(default=dict, blank=True)
    #: what such a day is called: date -> name
    names = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), blank=True)
    #: "": the company's own
    time_zone = models.CharField(max_length=64, blank=True, default="", db_default="")

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", Lower("name"), name="hours_name_taken", violation_error_code="name"),
        )

    def __str__(self) -> str:
        return self.name


class PromptVersion(TenantModel):
    """A version of the company's own prompt in one language; the one in force stands in for a standard one of its key.

    Older ones stay, so that each can be put back; without one in force the standard prompt is heard.
    """

    class Source(models.TextChoices):
        UPLOADED = "uploaded"
        RECORDED = "recorded"
        SPOKEN = "spoken"

    key = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    number = models.PositiveIntegerField(default=1)
    is_in_force = models.BooleanField(default=True)
    text = models.TextField(blank=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    duration_s = models.FloatField(default=0)
    #: its file without ending: ``prompt_files``
    sound = models.CharField(max_length=60)
    #: how loud it came (dBFS of what is said), and how much silence was cut off its ends; null: made by our own voice
    came_dbfs = models.FloatField(null=True, blank=True)
    cut_s = models.FloatField(default=0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100, blank=True, default="")

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant", "key", "language", "number"), name="prompt_version_once"),
            models.UniqueConstraint(
                fields=("tenant", "key", "language"),
                condition=models.Q(is_in_force=True),
                name="prompt_in_force_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key}/{self.language} v{self.number}"
