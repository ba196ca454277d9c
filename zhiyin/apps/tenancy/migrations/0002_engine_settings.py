"""What the engine reads of a company: its settings, as one document."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("tenancy", "0001_initial"),)

    operations = (
        migrations.RunSQL(
            """
            CREATE TABLE engine_settings (
                tenant_id  bigint PRIMARY KEY,
                version    bigint NOT NULL,
                body       jsonb NOT NULL,
                changed_at timestamptz NOT NULL
            )
            """,
            "DROP TABLE engine_settings",
        ),
    )
