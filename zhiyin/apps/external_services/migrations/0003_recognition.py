from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('external_services', '0002_synthesis'),
    ]

    operations = [
        migrations.AlterField(
            model_name='externalservice',
            name='kind',
            field=models.CharField(choices=[('http', 'Http'), ('database', 'Database'), ('payment', 'Payment'), ('sms', 'Sms'), ('mail', 'Mail'), ('synthesis', 'Synthesis'), ('recognition', 'Recognition')], max_length=12),
        ),
    ]
