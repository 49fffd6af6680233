"""The dashboard: what waits, what is new, how the sources and the jobs stand."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from harvest.desk.news import news_for
from harvest.desk.runs import JOBS
from harvest.desk.waiting import waiting_for
from harvest.models import DeskVisit, EndpointQuota, HarvestRun
from harvest.models.run import last_of_each_job
from publications.models import Paper, SimbadReading, SourceRecord

Job, Status = HarvestRun.Job, HarvestRun.Status
# What a person who was never here is told of.
AT_FIRST = timedelta(days=30)
# The lists of all sources are read by one job; so many of its runs are looked through.
LATEST_LISTS = 60


def home(request):
    """What the dashboard shows to this person, in a number of queries that does not grow."""
    before = DeskVisit.note(request.user)
    since = before or timezone.now() - AT_FIRST
    shown = {"waiting": waiting_for(request.user), "first_visit": before is None, "since": since}
    if request.user.has_perm("harvest.view_candidate"):
        shown["news"] = news_for(request.user, since)
    if request.user.has_perm("harvest.view_harvestrun"):
        shown |= {
            "sources": sources(),
            "quotas": quotas(),
            "jobs": jobs(),
            "broker": settings.CELERY_BROKER_URL,
        }
    return shown


def sources():
    """``[(name, what is held, rows, when it was last read)]``; None: never."""
    done = HarvestRun.objects.filter(status=Status.DONE)
    ended = dict(done.order_by().values_list("job").annotate(Max("finished_at")))
    rows = dict(SourceRecord.objects.order_by().values_list("source").annotate(Count("pk")))
    read = {}
    for queries, at in done.filter(job=Job.SOURCE).values_list("queries", "finished_at")[:LATEST_LISTS]:
        for query in queries:
            read.setdefault(query["query"].partition(",")[0], at)
    detailed = Paper.objects.exclude(title="").count()
    return [
        ("ADS, searched", "papers", Paper.objects.count(), ended.get(Job.HARVEST)),
        ("ADS, metadata", "papers with details", detailed, ended.get(Job.REFRESH)),
        ("SIMBAD", "papers asked for", SimbadReading.objects.count(), ended.get(Job.TARGETS)),
        *[
            (source.label, "bibcodes", rows.get(source.value, 0), read.get(source.value))
            for source in SourceRecord.Source
        ],
    ]


def quotas():
    """What ADS lets us do yet; a reset that is past means that it counts anew."""
    now = timezone.now()
    shown = []
    for quota in EndpointQuota.objects.all():
        reset = quota.reset and datetime.fromtimestamp(quota.reset, UTC)
        shown.append({"quota": quota, "reset": reset, "anew": reset is not None and reset <= now})
    return shown


def jobs():
    """One row for each kind of job: its last run (of each source), what can be started, and when."""
    last = defaultdict(list)
    for run in last_of_each_job():
        last[run.job].append(run)
    due = schedule()
    rows = {}
    for name, job in JOBS.items():
        row = rows.setdefault(job.kind, {"title": job.kind.label, "last": last[job.kind], "startable": []})
        task = "import_sources" if job.kind == Job.SOURCE else name
        row["startable"].append({"name": name, "title": job.title, "next": due.get(f"harvest.tasks.{task}")})
    return list(rows.values())


def schedule():
    """``{task: when it runs next}`` of the enabled ones, to the minute."""
    now = timezone.now()
    return {
        task.task: (now + task.schedule.remaining_estimate(now) + timedelta(seconds=30)).replace(second=0)
        for task in PeriodicTask.objects.filter(enabled=True).select_related("crontab", "interval")
        if task.crontab or task.interval
    }
