from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("flow_traffic", "0001_flow_traffic"),)
    operations = (migrations.AddField("flowfailure", "service_id", models.BigIntegerField(null=True)),)
