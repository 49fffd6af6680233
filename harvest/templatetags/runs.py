"""What public pages tell of the jobs."""

from django import template

from harvest.models import HarvestRun

register = template.Library()


@register.simple_tag
def last_done(job):
    """When the last run of a job that did all its work ended; None when there was none."""
    done = HarvestRun.objects.filter(job=job, status=HarvestRun.Status.DONE)
    return done.values_list("finished_at", flat=True).first()
