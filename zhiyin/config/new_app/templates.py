"""The files of a new app. ``$app`` is its folder ("surveys"), ``$noun`` its model ("Survey"), ``$many`` its word."""

from __future__ import annotations

TEMPLATES = {
    "__init__.py": '"""$Many."""\n',
    "migrations/__init__.py": "",
    "tests/__init__.py": "",
    "apps.py": """\
from __future__ import annotations

from django.apps import AppConfig


class ${Label}Config(AppConfig):
    name = "zhiyin.apps.$app"
    label = "$app"
""",
    "errors.py": '''\
"""Refusals about $many."""

from __future__ import annotations

from zhiyin.apps.refusals import NotFound


class Unknown${noun}(NotFound):
    """No such $one, or it is another company's."""
''',
    "models.py": '''\
"""$Many and what belongs to them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class $noun(TenantModel):
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", Lower("name"), name="${table}_name_taken", violation_error_code="name"),
        )

    def __str__(self) -> str:
        return self.name
''',
    "queries.py": '''\
"""Reading $many."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiyin.apps.$app.errors import Unknown$noun
from zhiyin.apps.$app.models import $noun
from zhiyin.apps.tenancy.models import Tenant


def list_${plural}(*, tenant: Tenant, search: str = "") -> QuerySet[$noun]:
    rows: QuerySet[$noun] = $noun.objects.of(tenant)
    return rows.filter(name__icontains=search) if search else rows


def get_${table}(*, tenant: Tenant, ${table}_id: int) -> $noun:
    """Raises ``Unknown$noun``."""
    found = $noun.objects.of(tenant).filter(pk=${table}_id).first()
    if found is None:
        raise Unknown$noun
    return found
''',
    "services.py": '''\
"""Making and changing $many."""

from __future__ import annotations

from django.db import transaction

from zhiyin.apps.$app.models import $noun
from zhiyin.apps.audit import services as audit
from zhiyin.apps.tenancy.actors import Actor


@transaction.atomic
def create_${table}(*, actor: Actor, name: str) -> $noun:
    """Make one. A taken name violates ``${table}_name_taken``."""
    made = $noun(tenant=actor.tenant, name=name)
    made.save(force_insert=True)
    audit.record(
        actor=actor,
        action="${table}.created",
        kind="${table}",
        subject=made.pk,
        name=made.name,
        after=audit.fields_of(made),
    )
    return made
''',
    "api.py": '''\
"""HTTP of $many."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import StringConstraints

from zhiyin.apps.$app import queries, services
from zhiyin.apps.$app.models import $noun
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems

router = Router(tags=["$app"], auth=Needs("admin"))

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
COLUMNS = {"name": ("名称", "Name"), "created_at": ("创建时间", "Made at")}


class ${noun}Out(Schema):
    id: int
    name: str
    created_at: datetime


class ${noun}Page(Page[${noun}Out]):
    pass


class ${noun}In(Schema):
    name: Name


def _shape(rows: Sequence[$noun]) -> list[${noun}Out]:
    return [${noun}Out.from_orm(row) for row in rows]


@router.get("", operation_id="list${nouns}", response={200: ${noun}Page, **problems()})
def list_${plural}(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """$Many."""
    rows = queries.list_${plural}(tenant=request.actor.tenant, search=listing.search)
    sortable = {name: name for name in ("id", "name", "created_at")}
    return answer_list(request, rows, listing, sortable=sortable, default_sort="id", shape=_shape, columns=COLUMNS)


@router.post("", operation_id="create$noun", response={201: ${noun}Out, **problems(400, 409)})
def create_${table}(request: TenantRequest, body: ${noun}In) -> Any:
    """Make one."""
    return Status(201, services.create_${table}(actor=request.actor, name=body.name))


@router.get("/{int:${table}_id}", operation_id="get$noun", response={200: ${noun}Out, **problems(404)})
def get_${table}(request: TenantRequest, ${table}_id: int) -> Any:
    """One of them."""
    return queries.get_${table}(tenant=request.actor.tenant, ${table}_id=${table}_id)
''',
    "tests/test_${app}.py": '''\
"""$Many: made, listed, audited, and never another company's."""

from __future__ import annotations

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company

JSON = "application/json"


def make(company: Company, name: str) -> int:
    answer = company.browser("administrator").post("/api/$path", {"name": name}, content_type=JSON)
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def test_one_is_made_listed_and_audited(company: Company) -> None:
    made = make(company, "一号")
    listed = company.browser("administrator").get("/api/$path?search=一").json()
    assert [row["id"] for row in listed["items"]] == [made]
    assert Entry.objects.of(company.tenant).filter(action="${table}.created", subject_id=str(made)).exists()


def test_a_name_is_taken_whatever_its_case(company: Company) -> None:
    make(company, "First")
    answer = company.browser("administrator").post("/api/$path", {"name": "FIRST"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "taken")


def test_another_company_gets_404(company: Company, other_company: Company) -> None:
    made = make(company, "一号")
    assert other_company.browser("administrator").get(f"/api/$path/{made}").status_code == 404


def test_agents_are_refused(company: Company) -> None:
    assert company.browser("agent").get("/api/$path").status_code == 403
''',
}
