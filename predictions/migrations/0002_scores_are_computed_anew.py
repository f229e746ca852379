from django.db import migrations


def forget_scores(apps, _):
    """Scores are computed, and will be again: every decided prediction becomes stale, which the next sweep mends."""
    apps.get_model("predictions", "Prediction").objects.update(scored_seq=None)


class Migration(migrations.Migration):
    dependencies = [("predictions", "0001_record")]

    operations = [
        migrations.RunPython(forget_scores, migrations.RunPython.noop),
        migrations.DeleteModel(name="Score"),
    ]
