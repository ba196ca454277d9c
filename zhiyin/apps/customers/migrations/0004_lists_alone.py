"""What became lists is no column any more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_one_becomes_many")]

    operations = [
        migrations.RemoveField("customer", "address"),
        migrations.RemoveField("customer", "product"),
        migrations.RemoveField("customer", "purchased_on"),
    ]
