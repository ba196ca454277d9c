"""VIP, block and do-not-call list."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("customers", "0004_lists_alone"),
        ("tenancy", "0003_installation"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "list",
                    models.CharField(
                        choices=[("vip", "Vip"), ("block", "Block"), ("do_not_call", "Do Not Call")], max_length=12
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=32)),
                ("reason", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=300)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["tenant", "number"], name="list_entry_by_number"),
                    models.Index(fields=["tenant", "list", "-created_at"], name="list_entry_latest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("customer__isnull", False), ("number", "")),
                            models.Q(models.Q(("number", ""), _negated=True), ("customer__isnull", True)),
                            _connector="OR",
                        ),
                        name="list_entry_of_one",
                        violation_error_code="number",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), models.Q(("number", ""), _negated=True)),
                        fields=("tenant", "list", "number"),
                        name="list_entry_number",
                        violation_error_code="number",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("customer__isnull", False), ("ended_at__isnull", True)),
                        fields=("tenant", "list", "customer"),
                        name="list_entry_customer",
                        violation_error_code="customer_id",
                    ),
                ],
            },
        ),
    ]
