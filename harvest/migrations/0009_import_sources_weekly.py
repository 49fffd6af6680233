"""When the lists of other databases are read, to begin with; the schedule is edited in the admin from here on."""

from django.db import migrations


def seed(apps, schema_editor):
    crontab, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="15", hour="4", day_of_week="5", day_of_month="*", month_of_year="*", timezone="UTC"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="import sources", defaults={"task": "harvest.tasks.import_sources", "crontab": crontab}
    )


class Migration(migrations.Migration):
    dependencies = [
        ("harvest", "0008_acts"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
