from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0005_internal_recording")]

    operations = [
        migrations.AddField(model_name="number", name="is_vip", field=models.BooleanField(default=False)),
    ]
