from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('queues', '0003_agent_choice_and_rings'),
    ]

    operations = [
        migrations.AddField(
            model_name='queue',
            name='announces_place',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='queue',
            name='announces_wait',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='queue',
            name='hours_id',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='queue',
            name='overflow',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
