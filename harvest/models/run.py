"""What the jobs did, and what ADS lets them do yet."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst

from harvest.locks import is_held
from publications.models.fields import CodePointField

# A child process takes its row in a second or two; a worker may have other work before.
SLOW_START = timedelta(minutes=1)


class HarvestRun(models.Model):
    """One run of one job. ``calls`` counts by endpoint of ADS, or of the service that the job asks.

    ``steps``: each step with the seconds since the start when it began.
    """

    class Job(models.TextChoices):
        HARVEST = "harvest", "look for candidates"
        SYNC = "sync", "bring the ADS libraries into step"
        REFRESH = "refresh", "read metadata anew"
        RECHECK = "recheck", "check the tags again"
        SOURCE = "source", "read other databases' lists"
        TARGETS = "targets", "link papers to SIMBAD's objects"
        CONSISTENCY = "consistency", "look for inconsistent tags"
        TRY = "try", "try a search rule"
        ADD = "add", "look up what was added by hand"
        SEARCH = "search", "search ADS for papers to tag"

    class Status(models.TextChoices):
        WAITING = "waiting", "waits to begin"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        INTERRUPTED = "interrupted", "interrupted"

    job = models.CharField(max_length=20, choices=Job)
    about = models.CharField(max_length=40, blank=True, help_text="which of several sources")
    status = models.CharField(max_length=11, choices=Status, default=Status.RUNNING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    queries = models.JSONField(default=list, blank=True, help_text="each query with the number that it found")
    found = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    calls = models.JSONField(default=dict, blank=True)
    messages = models.JSONField(default=list, blank=True, help_text="what a curator should know")
    errors = models.JSONField(default=list, blank=True)
    step = models.CharField(max_length=200, blank=True, help_text="what it does at the moment")
    steps = models.JSONField(default=list, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    # Whom the job asks, while it runs: its ``calls`` stand in the row also when the process dies.
    client = None

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self):
        return f"{self.job} of {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def title(self):
        title = capfirst(self.get_job_display())
        return f"{title}: {self.about}" if self.about else title

    @classmethod
    def alive(cls, job):
        """The run of a ``job`` that somebody works on or that is about to begin; else None."""
        unended = cls.objects.filter(job=job, finished_at=None).select_related("by")
        return next((run for run in unended if run.live), None)

    def progress(self, step, done=0, total=0):
        """Say what happens now, at once: pages follow this row."""
        if step != self.step:
            self.steps.append([round((timezone.now() - self.started_at).total_seconds()), step])
        self.step, self.done, self.total = step[:200], done, total
        if self.client:
            self.calls = self.client.calls
        self.save()

    def finish(self, status):
        self.status, self.finished_at, self.step = status, timezone.now(), ""
        self.save()

    @property
    def lock(self):
        """What a running one holds: its death releases it."""
        return f"job-{self.job}"

    @cached_property
    def lost(self):
        """Whether nobody works on it although it has not ended: its process died, or never began."""
        if self.finished_at:
            return False
        if self.status == self.Status.WAITING:
            # A broker may have other work before, and may lose what it was told.
            longest = timedelta(seconds=settings.LONGEST_JOB) if settings.CELERY_BROKER_URL else SLOW_START
            return self.started_at < timezone.now() - longest
        # It may have ended since we read its row.
        return not is_held(self.lock) and HarvestRun.objects.filter(pk=self.pk, finished_at=None).exists()

    @property
    def standing(self):
        """Its status; a lost one is interrupted, though its row does not say so yet."""
        return self.Status.INTERRUPTED if self.lost else self.Status(self.status)

    @property
    def live(self):
        return not self.finished_at and not self.lost


def last_of_each_job(ended=False):
    """The latest run of each job and each source, in one query; of those that have ``ended`` only."""
    runs = HarvestRun.objects.filter(finished_at__isnull=False) if ended else HarvestRun.objects.all()
    latest = runs.order_by().values("job", "about").annotate(latest=models.Max("pk")).values("latest")
    return HarvestRun.objects.filter(pk__in=latest).select_related("by")


class EndpointQuota(models.Model):
    """What is left of a day's calls to one endpoint, as ADS last said."""

    endpoint = CodePointField(max_length=80, unique=True)
    limit = models.BigIntegerField(null=True)
    remaining = models.BigIntegerField(null=True)
    reset = models.BigIntegerField(null=True, help_text="Unix seconds")
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["endpoint"]

    def __str__(self):
        return f"{self.endpoint}: {self.remaining} of {self.limit}"
