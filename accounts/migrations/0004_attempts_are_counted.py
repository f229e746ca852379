from django.core.management import call_command
from django.db import migrations

TABLE = "forsooth_cache"


def make_table(apps, schema_editor):
    """The table of the shared cache, whatever cache these settings name: it does no harm where it is not used."""
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop_table(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_user_era")]

    operations = [migrations.RunPython(make_table, drop_table)]
