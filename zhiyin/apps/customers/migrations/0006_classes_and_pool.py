"""Classes by rule, key accounts, and the public pool."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("customers", "0005_lists"),
        ("tenancy", "0003_installation"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claims_per_day", models.PositiveIntegerField(blank=True, default=20, null=True)),
                ("max_held", models.PositiveIntegerField(blank=True, default=200, null=True)),
                ("return_after_days", models.PositiveIntegerField(blank=True, null=True)),
                ("announce_days", models.PositiveIntegerField(default=3)),
                ("key_share_pct", models.PositiveSmallIntegerField(default=20)),
            ],
        ),
        migrations.CreateModel(
            name="PoolMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("claim", "Claim"),
                            ("assign", "Assign"),
                            ("release", "Release"),
                            ("return", "Return"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name="customer",
            name="class_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="customer",
            name="is_key_account",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="customer",
            name="owned_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="return_announced_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="CustomerClass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("name_en", models.CharField(blank=True, max_length=40)),
                ("colour", models.CharField(default="blue", max_length=8)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("conditions", models.JSONField(blank=True, default=list)),
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
        ),
        migrations.AddField(
            model_name="customer",
            name="class_by_hand",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="customers.customerclass",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="class_by_rule",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="customers.customerclass",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["tenant", "-monthly_value"], name="customer_value"),
        ),
        migrations.AddField(
            model_name="customerpolicy",
            name="tenant",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
            ),
        ),
        migrations.AddField(
            model_name="poolmove",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.user",
            ),
        ),
        migrations.AddField(
            model_name="poolmove",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="poolmove",
            name="from_owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.user",
            ),
        ),
        migrations.AddField(
            model_name="poolmove",
            name="tenant",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
            ),
        ),
        migrations.AddField(
            model_name="poolmove",
            name="to_owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.user",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerclass",
            constraint=models.UniqueConstraint(
                fields=("tenant", "name"), name="customer_class_name", violation_error_code="name"
            ),
        ),
        migrations.AddConstraint(
            model_name="customerpolicy",
            constraint=models.UniqueConstraint(fields=("tenant",), name="customer_policy_one"),
        ),
        migrations.AddConstraint(
            model_name="customerpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("key_share_pct__range", (1, 100))),
                name="customer_policy_share",
                violation_error_code="key_share_pct",
            ),
        ),
        migrations.AddIndex(
            model_name="poolmove",
            index=models.Index(fields=["tenant", "to_owner", "kind", "at"], name="pool_move_claims"),
        ),
        migrations.AddIndex(
            model_name="poolmove",
            index=models.Index(fields=["tenant", "customer", "-at"], name="pool_move_customer"),
        ),
    ]
