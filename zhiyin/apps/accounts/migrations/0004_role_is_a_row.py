"""The word that the role was is no longer needed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_first_organisation")]

    operations = [
        migrations.RemoveField(model_name="user", name="role_code"),
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="users", to="accounts.role"
            ),
        ),
    ]
