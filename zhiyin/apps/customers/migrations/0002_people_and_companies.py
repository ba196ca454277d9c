"""Customers are people or companies, with lists of what reaches them and what they own."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("customers", "0001_initial"),
        ("tenancy", "0003_installation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("sms", "Sms"),
                            ("email", "Email"),
                            ("message", "Message"),
                            ("recording", "Recording"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "Service"),
                            ("marketing", "Marketing"),
                            ("survey", "Survey"),
                            ("profiling", "Profiling"),
                        ],
                        max_length=12,
                    ),
                ),
                ("is_given", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("valid_until", models.DateTimeField(blank=True, null=True)),
                ("how", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="CustomerAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "use",
                    models.CharField(
                        choices=[("home", "Home"), ("work", "Work"), ("delivery", "Delivery"), ("other", "Other")],
                        default="other",
                        max_length=8,
                    ),
                ),
                ("province", models.CharField(blank=True, max_length=40)),
                ("city", models.CharField(blank=True, max_length=40)),
                ("district", models.CharField(blank=True, max_length=40)),
                ("line", models.CharField(blank=True, max_length=300)),
                ("postcode", models.CharField(blank=True, max_length=12)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="CustomerEmail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(max_length=254)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="CustomerTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.CreateModel(
            name="OwnedProduct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("serial", models.CharField(blank=True, max_length=80)),
                ("purchased_on", models.DateField(blank=True, null=True)),
                ("warranty_until", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=1000)),
            ],
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("warranty_months", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("works_for", "Works For"),
                            ("subsidiary_of", "Subsidiary Of"),
                            ("family", "Family"),
                            ("referred_by", "Referred By"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=60)),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("keys", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                (
                    "colour",
                    models.CharField(
                        choices=[
                            ("grey", "Grey"),
                            ("blue", "Blue"),
                            ("green", "Green"),
                            ("orange", "Orange"),
                            ("red", "Red"),
                            ("purple", "Purple"),
                        ],
                        default="grey",
                        max_length=8,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="customer",
            name="anniversary_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="arrears",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="birth_day",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="birth_month",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="birth_year",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="credit_limit",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="credit_rating",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name="customer",
            name="custom",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="customer",
            name="kind",
            field=models.CharField(
                choices=[("person", "Person"), ("company", "Company")], default="person", max_length=8
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="monthly_value",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="service",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="customer",
            name="type",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="customer",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="customernumber",
            name="use",
            field=models.CharField(
                choices=[("mobile", "Mobile"), ("home", "Home"), ("work", "Work"), ("fax", "Fax"), ("other", "Other")],
                default="other",
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["tenant", "-changed_at", "-id"], name="customer_changed"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["tenant", "owner"], name="customer_owner"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["tenant", "birth_month", "birth_day"], name="customer_birthday_index"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("birth_day__isnull", True), ("birth_month__isnull", True), ("birth_year__isnull", True)),
                    models.Q(("birth_day__range", (1, 31)), ("birth_month__range", (1, 12))),
                    _connector="OR",
                ),
                name="customer_birthday",
                violation_error_code="birthday",
            ),
        ),
        migrations.AddField(
            model_name="consent",
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
            model_name="consent",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="tenant",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
            ),
        ),
        migrations.AddField(
            model_name="customeraddress",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="customeraddress",
            name="tenant",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
            ),
        ),
        migrations.AddField(
            model_name="customeremail",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="customeremail",
            name="tenant",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
            ),
        ),
        migrations.AddField(
            model_name="customertag",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="customertag",
            name="tenant",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
            ),
        ),
        migrations.AddField(
            model_name="ownedproduct",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="ownedproduct",
            name="tenant",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="tenant",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
            ),
        ),
        migrations.AddField(
            model_name="ownedproduct",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.product",
            ),
        ),
        migrations.AddField(
            model_name="relation",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="relation",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="relation",
            name="tenant",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
            ),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="tenant",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="tenant",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
            ),
        ),
        migrations.AddField(
            model_name="customertag",
            name="tag",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.tag"),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["tenant", "customer", "channel", "purpose", "-at"], name="consent_last"),
        ),
        migrations.AddIndex(
            model_name="customeraddress",
            index=models.Index(fields=["tenant", "province", "city"], name="customer_address_place"),
        ),
        migrations.AddIndex(
            model_name="customeraddress",
            index=models.Index(fields=["customer", "position"], name="customer_address_order"),
        ),
        migrations.AddIndex(
            model_name="customeremail",
            index=models.Index(fields=["tenant", "email"], name="customer_email"),
        ),
        migrations.AddConstraint(
            model_name="customeremail",
            constraint=models.UniqueConstraint(
                fields=("customer", "email"), name="customer_email_twice", violation_error_code="emails"
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                fields=("tenant", "code"), name="product_code", violation_error_code="code"
            ),
        ),
        migrations.AddIndex(
            model_name="ownedproduct",
            index=models.Index(fields=["tenant", "customer"], name="owned_product_customer"),
        ),
        migrations.AddIndex(
            model_name="ownedproduct",
            index=models.Index(fields=["tenant", "serial"], name="owned_product_serial"),
        ),
        migrations.AddIndex(
            model_name="ownedproduct",
            index=models.Index(fields=["tenant", "product"], name="owned_product_product"),
        ),
        migrations.AddIndex(
            model_name="relation",
            index=models.Index(fields=["tenant", "customer"], name="relation_customer"),
        ),
        migrations.AddIndex(
            model_name="relation",
            index=models.Index(fields=["tenant", "other"], name="relation_other"),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(
                fields=("customer", "other", "kind"), name="relation_twice", violation_error_code="other_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(("customer", models.F("other")), _negated=True),
                name="relation_to_itself",
                violation_error_code="other_id",
            ),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="customer_search_keys"),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(fields=("tenant", "name"), name="tag_name", violation_error_code="name"),
        ),
        migrations.AddIndex(
            model_name="customertag",
            index=models.Index(fields=["tenant", "tag", "customer"], name="customer_tag"),
        ),
        migrations.AddConstraint(
            model_name="customertag",
            constraint=models.UniqueConstraint(
                fields=("customer", "tag"), name="customer_tag_twice", violation_error_code="tags"
            ),
        ),
    ]
