"""Counts of stays at the nodes of flows, the ways they ended, what failed, and where contacts are now.

All of it is folded from the log; what each count means stands in ``domain/metrics/flow_traffic.py``.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel

#: a node of a sub-flow of a sub-flow ... has the names of all steps that led to it
NODE_LENGTH = 400


class NodeTraffic(TenantModel):
    """The stays that began at a node of a version in one quarter hour."""

    flow_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    node = models.CharField(max_length=NODE_LENGTH)
    kind = models.CharField(max_length=40)
    quarter_at = models.DateTimeField()
    #: with how many of them a contact came into the flow
    came = models.PositiveIntegerField(default=0)
    entered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(default=0)
    gave_up = models.PositiveIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    failed_requests = models.PositiveIntegerField(default=0)
    #: of the stays that are over
    stay_ms = models.BigIntegerField(default=0)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "quarter_at", "flow_id", "version", "node"), name="node_traffic_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.flow_id} v{self.version} {self.node}: {self.entered}"


class WayTraffic(TenantModel):
    """How many of these stays ended in one way: ``end`` is ``StayEnd``'s, ``way`` the exit or the reason."""

    flow_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    node = models.CharField(max_length=NODE_LENGTH)
    kind = models.CharField(max_length=40)
    quarter_at = models.DateTimeField()
    end = models.CharField(max_length=10)
    way = models.CharField(max_length=100, blank=True)
    times = models.PositiveIntegerField(default=0)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "quarter_at", "flow_id", "version", "node", "end", "way"), name="way_traffic_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.flow_id} v{self.version} {self.node} {self.end} {self.way}: {self.times}"


class FlowFailure(TenantModel):
    """A request of a node that failed or came too late, or a node that could not go on (``what`` is "step")."""

    interaction_id = models.CharField(max_length=64)
    flow_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    node = models.CharField(max_length=NODE_LENGTH)
    kind = models.CharField(max_length=40)
    failed_at = models.DateTimeField()
    what = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20)
    cause = models.CharField(max_length=40, blank=True)
    #: the external service that was asked; null: none, or it was not told at that time
    service_id = models.BigIntegerField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (models.Index(fields=("tenant", "-failed_at"), name="flow_failure_newest"),)

    def __str__(self) -> str:
        return f"{self.flow_id} v{self.version} {self.node}: {self.what} {self.outcome}"


class Whereabouts(TenantModel):
    """Where a contact that is not over is, for the fold that goes on from here; gone with the contact's end."""

    interaction_id = models.CharField(max_length=64)
    flow_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    #: null: the flow has done its part
    node = models.CharField(max_length=NODE_LENGTH, null=True)
    kind = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(null=True)
    has_begun = models.BooleanField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant", "interaction_id"), name="whereabouts_once"),)

    def __str__(self) -> str:
        return f"{self.interaction_id}: {self.flow_id} {self.node}"
