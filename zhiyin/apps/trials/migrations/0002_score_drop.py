from django.db import migrations, models


class Migration(migrations.Migration):
    """A bound on satisfaction; drafts that were made before have none."""

    dependencies = [("trials", "0001_rule_trials")]

    operations = [
        migrations.AddField("ruletrial", "score_drop_pct", models.PositiveSmallIntegerField(blank=True, null=True)),
    ]
