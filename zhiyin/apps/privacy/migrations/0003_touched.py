"""What an erasure touches, noted by the database (``touching``)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

CREATE = r"""
-- TG_ARGV: what stands before an id, column; the row itself first.
CREATE FUNCTION note_touched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    row jsonb := to_jsonb(OLD);
    points text[] := '{}';
    i int := 0;
BEGIN
    WHILE i < TG_NARGS LOOP
        IF row ->> TG_ARGV[i + 1] IS NOT NULL THEN
            points := points || (TG_ARGV[i] || (row ->> TG_ARGV[i + 1]));
        END IF;
        i := i + 2;
    END LOOP;
    INSERT INTO privacy_touched (tenant_id, erasure_id, points)
    VALUES (OLD.tenant_id, current_setting('zhiyin.erasure')::bigint, points);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION note_touched() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = (("tenancy", "0001_initial"), ("privacy", "0002_replace_words"))
    operations = (
        migrations.CreateModel(
            name="Touched",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("erasure_id", models.BigIntegerField()),
                ("points", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.tenant"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(CREATE, "DROP FUNCTION note_touched() CASCADE"),
    )
