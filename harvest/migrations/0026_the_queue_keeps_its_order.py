from collections import Counter, defaultdict

from django.db import migrations, models

from harvest.ranking import rule_points


def rank(apps, schema_editor):
    """As the next search will; until then the queue would be in the order of the evidence alone."""
    Candidate = apps.get_model("harvest", "Candidate")
    accepted, decided, matched = Counter(), Counter(), defaultdict(list)
    for rule, candidate, status in Candidate.rules.through.objects.values_list(
        "searchrule", "candidate", "candidate__status"
    ):
        accepted[rule] += status == "accepted"
        decided[rule] += status != "pending"
        matched[candidate].append(rule)
    pending = list(Candidate.objects.filter(status="pending").only("points"))
    for candidate in pending:
        worths = (rule_points(accepted[rule], decided[rule]) for rule in matched[candidate.pk])
        candidate.score = candidate.points + sum(worths)
    Candidate.objects.bulk_update(pending, ["score"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("harvest", "0025_runs_know_their_source")]

    operations = [
        migrations.RemoveIndex(model_name="candidate", name="candidates_in_the_queue"),
        migrations.AddField(
            model_name="candidate",
            name="score",
            field=models.IntegerField(
                default=0,
                editable=False,
                help_text="points, and what the rules were worth when it was last ranked",
            ),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(
                fields=["status", "postponed_until", "score", "year", "bibcode", "suggested", "id"],
                name="candidates_in_the_queue",
            ),
        ),
        migrations.RunPython(rank, migrations.RunPython.noop, elidable=True),
    ]
