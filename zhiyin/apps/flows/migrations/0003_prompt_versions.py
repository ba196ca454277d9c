from django.db import migrations, models
from django.db.models import F


def name_sounds(apps, schema_editor):
    apps.get_model("flows", "PromptVersion").objects.update(sound=F("key"))


class Migration(migrations.Migration):

    dependencies = [
        ('flows', '0002_calendars'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='prompt',
            name='prompt_once',
        ),
        migrations.RenameModel(
            old_name='Prompt',
            new_name='PromptVersion',
        ),
        migrations.RenameField(
            model_name='promptversion',
            old_name='changed_at',
            new_name='made_at',
        ),
        migrations.AlterField(
            model_name='promptversion',
            name='made_at',
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name='promptversion',
            name='source',
            field=models.CharField(choices=[('uploaded', 'Uploaded'), ('recorded', 'Recorded'), ('spoken', 'Spoken')], max_length=8),
        ),
        migrations.AddField(
            model_name='promptversion',
            name='number',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='promptversion',
            name='is_in_force',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='promptversion',
            name='sound',
            field=models.CharField(default='', max_length=60),
            preserve_default=False,
        ),
        migrations.RunPython(name_sounds, migrations.RunPython.noop, elidable=True),
        migrations.AddField(
            model_name='promptversion',
            name='came_dbfs',
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='promptversion',
            name='cut_s',
            field=models.FloatField(default=0),
        ),
        migrations.AddField(
            model_name='promptversion',
            name='made_by',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
        migrations.AddConstraint(
            model_name='promptversion',
            constraint=models.UniqueConstraint(fields=('tenant', 'key', 'language', 'number'), name='prompt_version_once'),
        ),
        migrations.AddConstraint(
            model_name='promptversion',
            constraint=models.UniqueConstraint(condition=models.Q(('is_in_force', True)), fields=('tenant', 'key', 'language'), name='prompt_in_force_once'),
        ),
    ]
