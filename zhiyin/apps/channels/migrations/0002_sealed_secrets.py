"""Trunks' and telephones' secrets, until now clear, are sealed with the installation's vault key."""

from django.conf import settings
from django.db import migrations, models

from zhiyin.contracts.sealing import TELEPHONE_SECRET, TRUNK_SECRET, SecretSealer

_PURPOSES = {"Trunk": TRUNK_SECRET, "Telephone": TELEPHONE_SECRET}


def seal(apps, _schema_editor):
    sealer = SecretSealer(bytes.fromhex(settings.VAULT_KEY))
    for model, purpose in _PURPOSES.items():
        rows = apps.get_model("channels", model)._base_manager
        for row in rows.all():
            row.sealed_secret = sealer.seal(row.sealed_secret, tenant=row.tenant_id, purpose=purpose)
            row.save(update_fields=["sealed_secret"])


def unseal(apps, _schema_editor):
    sealer = SecretSealer(bytes.fromhex(settings.VAULT_KEY))
    for model, purpose in _PURPOSES.items():
        rows = apps.get_model("channels", model)._base_manager
        for row in rows.all():
            row.sealed_secret = sealer.open(row.sealed_secret, tenant=row.tenant_id, purpose=purpose)
            row.save(update_fields=["sealed_secret"])


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]

    operations = [
        migrations.RenameField("trunk", "secret", "sealed_secret"),
        migrations.RenameField("telephone", "secret", "sealed_secret"),
        migrations.AlterField("trunk", "sealed_secret", models.TextField(blank=True)),
        migrations.AlterField("telephone", "sealed_secret", models.TextField()),
        migrations.RunPython(seal, unseal),
    ]
