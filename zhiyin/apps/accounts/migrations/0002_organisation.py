"""Departments, teams, sites and roles as rows; the role's word of a user moves aside for the row."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


def _id() -> tuple[str, models.Field]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _tenant() -> tuple[str, models.Field]:
    field = models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
    )
    return ("tenant", field)


def _user(reverse: str) -> models.Field:
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name=reverse,
        to="accounts.user",
    )


def _one_name(name: str, *scope: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        models.F("tenant"),
        *(models.F(field) for field in scope),
        django.db.models.functions.text.Lower("name"),
        name=name,
        violation_error_code="name",
        **({"nulls_distinct": False} if scope else {}),
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Role",
            fields=[
                _id(),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=60)),
                ("name_en", models.CharField(blank=True, max_length=60)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("is_built_in", models.BooleanField(default=False)),
                ("rights", models.JSONField(blank=True, default=dict)),
                ("fields", models.JSONField(blank=True, default=dict)),
                _tenant(),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "code"), name="role_code_taken"),
                    _one_name("role_name_taken"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                _id(),
                ("name", models.CharField(max_length=100)),
                ("address", models.CharField(blank=True, max_length=200)),
                _tenant(),
            ],
            options={"constraints": [_one_name("site_name_taken")]},
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                _id(),
                ("name", models.CharField(max_length=100)),
                ("path", models.CharField(blank=True, max_length=400)),
                ("position", models.IntegerField(default=0)),
                ("head", _user("+")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="accounts.department",
                    ),
                ),
                _tenant(),
            ],
            options={"constraints": [_one_name("department_name_taken", "parent")]},
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                _id(),
                ("name", models.CharField(max_length=100)),
                ("position", models.IntegerField(default=0)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="teams", to="accounts.department"
                    ),
                ),
                ("lead", _user("+")),
                _tenant(),
            ],
            options={"constraints": [_one_name("team_name_taken")]},
        ),
        migrations.AddField(
            model_name="user",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="members",
                to="accounts.team",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="site",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="users",
                to="accounts.site",
            ),
        ),
        migrations.RemoveConstraint(model_name="user", name="user_role_known"),
        migrations.RenameField(model_name="user", old_name="role", new_name="role_code"),
        migrations.AddField(
            model_name="user",
            name="role",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="users", to="accounts.role"
            ),
        ),
    ]
