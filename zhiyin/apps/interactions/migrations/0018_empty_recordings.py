from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0017_find_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="recording",
            name="state",
            field=models.CharField(
                choices=[
                    ("recording", "Recording"),
                    ("processing", "Processing"),
                    ("ready", "Ready"),
                    ("failed", "Failed"),
                    ("empty", "Empty"),
                    ("deleted", "Deleted"),
                ],
                default="recording",
                max_length=12,
            ),
        ),
    ]
