"""Planned exchange of files (文件交换): what goes where and when, and each time that it was done."""

from __future__ import annotations

from datetime import time
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from zhiyin.apps.exchange.models.exports import Export
from zhiyin.apps.exchange.models.imports import Import
from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class FilePlan(TenantModel):
    """A file that goes out or comes in by itself, hourly, daily or weekly, with the rights of who planned it."""

    class Direction(models.TextChoices):
        OUT = "out"
        IN = "in"

    class Place(models.TextChoices):
        #: below the installation's base folder, in the company's own
        FOLDER = "folder"
        HTTPS = "https"

    class Auth(models.TextChoices):
        NONE = "none"
        BASIC = "basic"
        BEARER = "bearer"

    class OnProblems(models.TextChoices):
        """What becomes of a file of which some rows are refused."""

        IMPORT_REST = "import_rest"
        REFUSE_FILE = "refuse_file"

    class StoppedWhy(models.TextChoices):
        """Why it does nothing until somebody saves it again."""

        PLANNER_GONE = "planner_gone"
        PLANNER_RIGHTS = "planner_rights"

    name = models.CharField(max_length=60)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    #: out: the list's address, what follows "?" in it, its columns (none: all), and of which time
    list_path = models.CharField(max_length=200, blank=True)
    query = models.TextField(blank=True)
    columns = models.JSONField(default=list)
    period = models.CharField(max_length=12, blank=True)
    format = models.CharField(max_length=8, default="csv")
    #: in: what is imported, column's title -> field's code, and how the file is read ("": guessed)
    kind = models.CharField(max_length=30, blank=True)
    mapping = models.JSONField(default=dict)
    on_match = models.CharField(max_length=8, choices=Import.OnMatch.choices, default=Import.OnMatch.SKIP)
    on_problems = models.CharField(max_length=12, choices=OnProblems.choices, default=OnProblems.IMPORT_REST)
    encoding = models.CharField(max_length=20, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    place = models.CharField(max_length=8, choices=Place.choices)
    folder = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    auth = models.CharField(max_length=8, choices=Auth.choices, default=Auth.NONE)
    username = models.CharField(max_length=150, blank=True)
    sealed_secret = models.CharField(max_length=500, blank=True)
    #: with gaps such as {date}; of files that come into a folder also with *
    file_name = models.CharField(max_length=120)
    #: a file of the same name and ".done" says that the file is whole
    has_marker = models.BooleanField(default=False)
    every = models.CharField(max_length=8)
    at = models.TimeField(default=time(2))
    #: Monday 0
    weekday = models.PositiveSmallIntegerField(default=0)
    is_enabled = models.BooleanField(default=True)
    stopped_why = models.CharField(max_length=16, choices=StoppedWhy.choices, blank=True)
    next_at = models.DateTimeField(null=True)
    #: in a row, up to now
    failures = models.PositiveSmallIntegerField(default=0)
    #: as whom it works
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", Lower("name"), name="file_plan_name_taken", violation_error_code="name"),
        )
        indexes = (models.Index(fields=("tenant", "next_at"), name="exchange_plan_next"),)

    def __str__(self) -> str:
        return self.name


class FileRun(TenantModel):
    """One time that a plan was carried out: its log, and how far it is while it goes on. Kept for 90 days."""

    class Trigger(models.TextChoices):
        SCHEDULE = "schedule"
        RETRY = "retry"
        #: there was another file
        NEXT_FILE = "next_file"
        #: somebody pressed the button
        PERSON = "person"

    class State(models.TextChoices):
        RUNNING = "running"
        #: the export is beyond the limits: somebody has to approve it
        WAITING = "waiting"
        DONE = "done"
        #: no file was there
        NOTHING = "nothing"
        FAILED = "failed"

    plan = models.ForeignKey(FilePlan, on_delete=models.CASCADE, related_name="+")
    trigger = models.CharField(max_length=10, choices=Trigger.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    #: as whom it works, and who ordered it by the button
    planner_name = models.CharField(max_length=150)
    ordered_by_name = models.CharField(max_length=150, blank=True)
    export = models.ForeignKey(Export, on_delete=models.SET_NULL, null=True, related_name="+")
    imported = models.ForeignKey(Import, on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    #: SHA-256 of a file that came in: the same under the same name is taken once
    digest = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True)
    #: what the problem's sentence needs: names of columns, a status, ...
    facts = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("plan", condition=models.Q(ended_at=None), name="exchange_one_run_at_once"),
        )
        indexes = (
            models.Index(fields=("plan", "-id"), name="exchange_run_of_plan"),
            models.Index(fields=("tenant", "-id"), name="exchange_run_log"),
            models.Index(
                fields=("plan", "file_name", "digest"), condition=models.Q(state="done"), name="exchange_run_taken"
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.state}"
