"""Imports with their rows, and how columns were assigned before."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from zhiyin.apps.exchange.models.files import StoredFile
from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class Import(TenantModel):
    """导入: one file on its way into the product."""

    class State(models.TextChoices):
        MAPPING = "mapping"
        CHECKING = "checking"
        CHECKED = "checked"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"
        UNDOING = "undoing"
        UNDONE = "undone"

    class OnMatch(models.TextChoices):
        """What becomes of a row whose subject is known already."""

        SKIP = "skip"
        CHANGE = "change"

    kind = models.CharField(max_length=30)
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    format = models.CharField(max_length=8)
    encoding = models.CharField(max_length=20, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    titles = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    #: column's place (from 0, as text) -> code of the field
    mapping = models.JSONField(default=dict)
    on_match = models.CharField(max_length=8, choices=OnMatch.choices, default=OnMatch.SKIP)
    state = models.CharField(max_length=12, choices=State.choices, default=State.MAPPING)
    is_staged = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    finished = models.PositiveIntegerField(default=0)
    #: outcome -> number of rows, of the dry run or (once it began) the run
    counts = models.JSONField(default=dict)
    #: why it failed
    problem = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    #: when the job last did something: one that stands still is taken up again
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (models.Index(fields=("tenant", "-created_at"), name="exchange_import_created"),)

    def __str__(self) -> str:
        return self.file_name


class ImportRow(TenantModel):
    """One row of the file, what became of it, and what it takes to undo that."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CHECKED = "checked"
        DONE = "done"
        UNDONE = "undone"
        #: changed by somebody since: undoing passed over it
        KEPT = "kept"

    class Outcome(models.TextChoices):
        CREATED = "created"
        CHANGED = "changed"
        UNCHANGED = "unchanged"
        SKIPPED = "skipped"
        REFUSED = "refused"

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    #: field -> code of what is wrong with it ("" = the whole row)
    problems = models.JSONField(default=dict)
    #: by what the subject is known ("number:+86138...")
    keys = ArrayField(models.CharField(max_length=120), default=list)
    subject_id = models.BigIntegerField(null=True)
    subject_name = models.CharField(max_length=200, blank=True)
    #: only what the import changed
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    #: a first password, sealed, until it is handed over
    sealed_secret = models.TextField(blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("imported", "number"), name="exchange_row_twice"),)
        indexes = (
            models.Index(fields=("imported", "state", "number"), name="exchange_row_state"),
            models.Index(fields=("imported", "outcome", "number"), name="exchange_row_outcome"),
            GinIndex(fields=("keys",), name="exchange_row_keys"),
        )

    def __str__(self) -> str:
        return str(self.number)


class RememberedMapping(TenantModel):
    """How the columns of a file with these titles were assigned the last time."""

    kind = models.CharField(max_length=30)
    #: hash of the titles in their order
    shape = models.CharField(max_length=64)
    mapping = models.JSONField()
    used_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant", "kind", "shape"), name="exchange_one_mapping"),)

    def __str__(self) -> str:
        return self.kind
