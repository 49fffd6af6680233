"""When the jobs run, to begin with; the schedule is edited in the admin from here on."""

from django.db import migrations

# Job → (minute, hour, day of week, day of month), UTC: when the quotas of ADS have begun anew.
SCHEDULE = {
    "harvest": ("15", "2", "*", "*"),
    "sync_libraries": ("15", "3", "*", "*"),
    "refresh_recent": ("15", "4", "0", "*"),
    "refresh_all": ("15", "5", "*", "1"),
    "mine_citations": ("15", "5", "*", "3"),
    "recheck_tags": ("15", "6", "*", "2"),
}


def seed(apps, schema_editor):
    for job, (minute, hour, weekday, monthday) in SCHEDULE.items():
        crontab, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
            minute=minute, hour=hour, day_of_week=weekday, day_of_month=monthday, month_of_year="*", timezone="UTC"
        )
        apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
            name=job.replace("_", " "), defaults={"task": f"harvest.tasks.{job}", "crontab": crontab}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("harvest", "0003_search_rules"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
