"""Each company gets its built-in roles, a department and a team with everybody in it; users point at role's row."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROLES = {"agent": ("座席", "Agent"), "lead": ("班长", "Lead"), "administrator": ("管理员", "Administrator")}


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tenants = apps.get_model("tenancy", "Tenant")
    models = {name: apps.get_model("accounts", name) for name in ("User", "Role", "Department", "Team")}
    for tenant in tenants.objects.order_by("pk"):
        users = models["User"].objects.filter(tenant=tenant)
        for code, (name, name_en) in ROLES.items():
            role = models["Role"].objects.create(tenant=tenant, code=code, name=name, name_en=name_en, is_built_in=True)
            users.filter(role_code=code).update(role=role)
        department = models["Department"].objects.create(tenant=tenant, name=tenant.name)
        department.path = f"{department.pk}/"
        department.save(update_fields=["path"])
        first = "一组" if tenant.language.startswith("zh") else "Team 1"
        team = models["Team"].objects.create(tenant=tenant, department=department, name=first)
        users.update(team=team)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_organisation"), ("tenancy", "0003_installation")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
