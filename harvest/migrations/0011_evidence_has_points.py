from django.db import migrations

from harvest.ranking import evidence_points


def weigh(apps, schema_editor):
    Candidate = apps.get_model("harvest", "Candidate")
    for candidate in Candidate.objects.only("evidence", "abstract", "note").iterator():
        candidate.points = sum(evidence_points(candidate.evidence, candidate.abstract).values())
        candidate.suggested = "a visitor: " in candidate.note
        candidate.save(update_fields=["points", "suggested"])


class Migration(migrations.Migration):
    dependencies = [("harvest", "0010_what_waits_for_a_decision")]

    operations = [migrations.RunPython(weigh, migrations.RunPython.noop, elidable=True)]
