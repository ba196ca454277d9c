import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0002_initial")]

    operations = [
        migrations.AddField("interaction", "parked_s", models.FloatField(db_default=0, default=0)),
        migrations.AddField("interaction", "consult_s", models.FloatField(db_default=0, default=0)),
        migrations.AddField(
            "interaction",
            "data_refs",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80), db_default=[], default=list, size=None
            ),
        ),
        migrations.AlterField(
            "segment",
            "kind",
            models.CharField(
                choices=[
                    ("queue", "Queue"),
                    ("talk", "Talk"),
                    ("offer", "Offer"),
                    ("consult", "Consult"),
                    ("park", "Park"),
                ],
                max_length=8,
            ),
        ),
    ]
