"""What waits for a curator: one line each on the dashboard."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from harvest.consistency import overview
from harvest.desk.libraries import out_of_step, waiting
from harvest.models import Candidate, HarvestRun, PaperFlag, PastedList, Suggestion
from harvest.models.run import last_of_each_job
from harvest.recheck import rules_to_judge


@dataclass(frozen=True)
class Line:
    """``count`` asks the database once. ``right``: who may work on it. ``page``: a name of the admin."""

    title: str
    count: Callable
    page: str
    right: str
    query: str = ""

    @property
    def address(self):
        return reverse(f"admin:{self.page}") + self.query


def failed():
    """Jobs whose last run did not do all its work."""
    bad = (HarvestRun.Status.FAILED, HarvestRun.Status.INTERRUPTED)
    return sum(run.status in bad for run in last_of_each_job(ended=True))


LINES = [
    Line(
        "candidates to decide",
        lambda: Candidate.objects.waiting(timezone.now().date()).count(),
        "triage",
        "harvest.change_candidate",
    ),
    Line(
        "lists added by hand, not looked up yet",
        lambda: PastedList.objects.waiting().count(),
        "add",
        "harvest.add_pastedlist",
    ),
    Line(
        "tags that a search rule finds missing",
        lambda: sum(number for _, _, number in rules_to_judge()),
        "rechecks",
        "harvest.change_tagreview",
    ),
    Line(
        "papers that break a rule of consistency",
        lambda: overview().papers,
        "consistency",
        "publications.add_tagassignment",
    ),
    Line(
        "papers to merge",
        lambda: PaperFlag.objects.filter(kind=PaperFlag.Kind.MERGE).count(),
        "harvest_paperflag_changelist",
        "harvest.change_paperflag",
        "?kind__exact=merge",
    ),
    Line(
        "papers that vanished, were retracted or have an erratum",
        lambda: PaperFlag.objects.exclude(kind=PaperFlag.Kind.MERGE).count(),
        "harvest_paperflag_changelist",
        "harvest.change_paperflag",
    ),
    Line(
        "suggestions of visitors",
        lambda: Suggestion.objects.filter(settled=False).count(),
        "harvest_suggestion_changelist",
        "harvest.change_suggestion",
        "?settled__exact=0",
    ),
    Line(
        "libraries that wait for a person",
        lambda: waiting().count(),
        "libraries",
        "harvest.change_syncplan",
        "?show=waiting",
    ),
    Line(
        "libraries out of step with ADS",
        out_of_step,
        "libraries",
        "harvest.change_syncplan",
        "?show=out-of-step",
    ),
    Line(
        "jobs whose last run failed",
        failed,
        "harvest_harvestrun_changelist",
        "harvest.view_harvestrun",
    ),
]


def waiting_for(person):
    """``[(line, count)]`` of what waits and the person may work on; lines without work are left out."""
    counted = [(line, line.count()) for line in LINES if person.has_perm(line.right)]
    return [(line, count) for line, count in counted if count]
