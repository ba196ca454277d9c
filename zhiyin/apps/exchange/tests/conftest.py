"""Imports driven as a person drives them, their jobs done in the test's own thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zhiyin.apps.conftest import Company
from zhiyin.apps.exchange import runs

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Importer:
    """One user's imports over HTTP."""

    company: Company
    client: Client

    def upload(self, content: bytes, *, kind: str = "users", name: str = "a.csv", status: int = 201) -> Any:
        answer = self.client.post("/api/imports", {"kind": kind, "file": SimpleUploadedFile(name, content)})
        assert answer.status_code == status, answer.content
        return answer.json()

    def work(self, import_id: int) -> Any:
        runs.work(tenant=self.company.tenant, import_id=import_id, is_time_over=lambda: False)
        return self.client.get(f"/api/imports/{import_id}").json()

    def step(self, import_id: int, step: str) -> Any:
        answer = self.client.post(f"/api/imports/{import_id}/{step}", content_type=JSON)
        assert answer.status_code == 200, answer.content
        return self.work(import_id)

    def change(self, import_id: int, **body: object) -> Any:
        answer = self.client.patch(f"/api/imports/{import_id}", body, content_type=JSON)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def rows(self, import_id: int, **asked: str) -> list[Any]:
        return list(self.client.get(f"/api/imports/{import_id}/rows", asked).json()["items"])

    def run(self, content: bytes, **given: Any) -> Any:
        """Send a file all the way."""
        on_match = given.pop("on_match", "skip")
        made = self.upload(content, **given)
        self.change(made["id"], on_match=on_match)
        checked = self.step(made["id"], "check")
        assert checked["state"] == "checked", checked
        done = self.step(made["id"], "run")
        assert done["counts"] == checked["counts"], "the dry run promised something else"
        return done


@pytest.fixture
def importer(company: Company) -> Callable[[str], Importer]:
    def log_in(role: str = "administrator") -> Importer:
        return Importer(company, company.browser(role))

    return log_in
