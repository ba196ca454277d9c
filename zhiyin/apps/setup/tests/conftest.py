"""An installation as its first start leaves it: without any company."""

import pytest
from django.conf import settings
from django.db import connection

from zhiyin.apps.conftest import Database
from zhiyin.apps.tenancy.models import Tenant


@pytest.fixture
def nobody(rolled_back: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """An installation without any company, on loopback: others' are hidden for this transaction."""
    monkeypatch.setattr(settings, "FRONT_HOST", "127.0.0.1")
    Tenant.objects.update(is_demo=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT remove_demo_company(id) FROM tenancy_tenant")
    assert not Tenant.objects.exists()
    return rolled_back
