"""Rows that migrations made have a first line of history, so that a change of them can be undone."""

from django.db import migrations
from django.utils import timezone

MODELS = ["SearchRule", "SoftwareGroup", "ConsistencyRule", "FilteredBibstem"]


def begin_history(apps, schema_editor):
    for name in MODELS:
        model, states = apps.get_model("harvest", name), apps.get_model("harvest", f"Historical{name}")
        begun = states.objects.values("id")
        columns = [field.attname for field in model._meta.concrete_fields]
        states.objects.bulk_create(
            states(
                history_date=timezone.now(),
                history_type="+",
                history_change_reason="came with the site",
                **{column: getattr(row, column) for column in columns},
            )
            for row in model.objects.exclude(pk__in=begun)
        )


class Migration(migrations.Migration):
    dependencies = [("harvest", "0022_ads_searches")]

    operations = [migrations.RunPython(begin_history, migrations.RunPython.noop)]
