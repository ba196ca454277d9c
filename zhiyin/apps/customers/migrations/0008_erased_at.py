from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_merging")]

    operations = [
        migrations.AddField("customer", "erased_at", models.DateTimeField(blank=True, null=True)),
    ]
