"""What each part of an installation of several machines last told of itself (``contracts/pulses.py``)."""

from django.db import migrations

CREATE = """
CREATE TABLE part_pulse (
    part    text NOT NULL,
    name    text NOT NULL,
    address text NOT NULL,
    told_at timestamptz NOT NULL,
    pulse   jsonb NOT NULL,
    PRIMARY KEY (part, name)
);
"""


class Migration(migrations.Migration):
    dependencies = (("tenancy", "0003_installation"),)
    operations = (migrations.RunSQL(CREATE, "DROP TABLE part_pulse;"),)
