"""What happened since a person last looked."""

from django.db.models import Count

from harvest.models import Candidate, HarvestRun
from publications.models import Act, Tag, TagAssignment

# So many of the latest acts of others are named; the activity page has them all.
ACTS = 8


def news_for(person, since):
    """Counts by what happened after ``since``, and the latest acts of others."""
    decided = Candidate.objects.filter(decided_at__gt=since).exclude(decided_by=person)
    decisions = decided.values_list("status", "decided_by__username").annotate(number=Count("pk"))
    given = TagAssignment.history.filter(history_date__gt=since).exclude(history_user=person)
    tags = Tag.history.filter(history_date__gt=since).exclude(history_user=person)
    runs = HarvestRun.objects.filter(finished_at__gt=since).order_by("status")
    return {
        "candidates": Candidate.objects.filter(found_at__gt=since).count(),
        "decisions": list(decisions.order_by("decided_by__username", "status")),
        "given": dict(given.order_by().values_list("history_type").annotate(Count("pk"))),
        "tags": tags.aggregate(number=Count("id", distinct=True))["number"],
        "runs": list(runs.values_list("status").annotate(number=Count("pk"))),
        "acts": list(acts_of_others(person, since)[:ACTS]),
    }


def acts_of_others(person, since):
    return Act.objects.filter(at__gt=since).exclude(by=person).select_related("by")
