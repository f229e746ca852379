from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_roles")]

    operations = [
        migrations.AddField("user", "era", models.PositiveIntegerField(default=0, editable=False)),
    ]
