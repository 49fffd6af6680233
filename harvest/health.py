"""What an operator should know at a glance: the broker, the cache, the last runs. Nothing of it is fatal."""

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache as kept
from kombu import Connection

from harvest.models import HarvestRun

Job = HarvestRun.Job
# Seconds to wait for a broker: whoever asks for our health has a limit too.
PATIENCE = 1


def broker():
    """Whether the broker lets us in, in words; without one, jobs run where they are started."""
    url = settings.CELERY_BROKER_URL
    if not url:
        return "none"
    options = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    try:
        with Connection(url, connect_timeout=PATIENCE, transport_options=options) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=PATIENCE)
    # Each kind of broker has errors of its own, a broken address others still.
    except Exception as error:
        return f"does not answer ({type(error).__name__})"
    return "answers"


def cache():
    """Whether the cache keeps what it is given, in words."""
    kept.set("health", "asked", PATIENCE)
    return "answers" if kept.get("health") else "does not answer: pages are slow, limits do not hold"


def lacks_static_files():
    """Whether pages would fail for the names of their style sheets and scripts: they were never collected."""
    return getattr(staticfiles_storage, "hashed_files", None) == {}


def last_runs():
    """``[(what, how and when it ended)]`` of the nightly jobs."""
    return [
        (job.label, described(HarvestRun.objects.filter(job=job).first())) for job in (Job.HARVEST, Job.SYNC)
    ]


def described(run):
    if run is None:
        return "never"
    return f"{run.standing.label}, {run.finished_at or run.started_at:%Y-%m-%d %H:%M} UTC"
