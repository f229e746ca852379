import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models

TAKE_OVER = """INSERT INTO accounts_apitoken (digest, token_key, user_id, created, expiry, uuid, name, scopes)
SELECT digest, token_key, user_id, created, expiry, {uuid}, 'From before tokens had names', 'read forecast assess'
FROM knox_authtoken WHERE expiry IS NOT NULL"""
UUID = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}


def take_over(apps, schema_editor):
    """Tokens that stand go on opening all that they opened; the table they stood in goes."""
    connection = schema_editor.connection
    if "knox_authtoken" in connection.introspection.table_names():
        schema_editor.execute(TAKE_OVER.format(uuid=UUID[connection.vendor]))
        schema_editor.execute("DROP TABLE knox_authtoken")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_attempts_are_counted"),
        # After it, in a new database too: else it would make its table again, which references accounts for good.
        ("knox", "0009_extend_authtoken_field"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("digest", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("token_key", models.CharField(db_index=True, max_length=25)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("expiry", models.DateTimeField(blank=True, null=True)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(help_text="What it is for, such as: nightly export.", max_length=80)),
                ("scopes", models.CharField(max_length=40, validators=[accounts.models.require_scopes])),
                ("last_used_on", models.DateField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="auth_token_set",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
