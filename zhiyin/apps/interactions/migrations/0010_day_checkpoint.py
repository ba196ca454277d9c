from django.db import migrations

CREATE = """
CREATE TABLE engine_day_checkpoint (
    tenant_id bigint PRIMARY KEY,
    body      jsonb NOT NULL
);
"""


class Migration(migrations.Migration):
    """A company's figures of the day as the engine counted them: the next engine counts on from there."""

    dependencies = [("interactions", "0009_contacts_of_agents")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE engine_day_checkpoint")]
