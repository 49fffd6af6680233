"""Jobs that a person starts, and the page that follows a run."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from harvest.models import HarvestRun
from harvest.start import start
from publications.models import SourceRecord

Job = HarvestRun.Job


@dataclass(frozen=True)
class Startable:
    """What “Run now” runs: a command of the job ``kind``."""

    title: str
    kind: str
    command: str
    arguments: tuple = ()


# By the name of the task in the schedule.
JOBS = {
    "harvest": Startable("Look for candidates", Job.HARVEST, "harvest"),
    "mine_citations": Startable("Propose what papers here cite", Job.HARVEST, "harvest", ("--miners",)),
    "sync_libraries": Startable("Bring the ADS libraries into step", Job.SYNC, "sync_libraries"),
    "plan_libraries": Startable("Plan only, write nothing", Job.SYNC, "sync_libraries", ("--dry-run",)),
    "refresh_recent": Startable("Read recent papers anew", Job.REFRESH, "refresh_papers", ("--recent",)),
    "refresh_all": Startable("Read all papers anew", Job.REFRESH, "refresh_papers"),
    "recheck_tags": Startable("Check the tags again", Job.RECHECK, "recheck_tags"),
    "check_consistency": Startable("Count inconsistent tags", Job.CONSISTENCY, "check_consistency"),
    "resolve_targets": Startable("Link papers to SIMBAD's objects", Job.TARGETS, "resolve_targets"),
    **{
        f"read_{source}": Startable(
            f"Read the list of {source.label}", Job.SOURCE, "import_source", (source,)
        )
        for source in SourceRecord.Source
    },
}


@require_POST
def run_job(request, name):
    """Start the job ``name`` of `JOBS` and lead to its run; or to the run that is there already."""
    if name not in JOBS:
        messages.error(request, f"There is no job “{name}”; there are: {', '.join(JOBS)}.")
        return redirect("admin:index")
    job = JOBS[name]
    run = HarvestRun.alive(job.kind)
    if run:
        since = f"{localtime(run.started_at):%H:%M} UTC"
        whom = f", for {run.by}" if run.by else ""
        messages.warning(request, f"This job is at work already, since {since}{whom}: here is its run.")
    else:
        run = start(job.command, *job.arguments, by=request.user)
    return redirect("admin:run", run.pk)


@require_safe
def run(request, pk):
    """One run; to htmx only the part that changes."""
    run = get_object_or_404(HarvestRun.objects.select_related("by"), pk=pk)
    if "HX-Request" in request.headers:
        return render(request, "admin/desk/run.html", {"run": run})
    plans = run.plans.select_related("library")
    return render(
        request,
        "admin/desk/run_page.html",
        request.desk | {"run": run, "plans": plans, "title": run.title},
    )
