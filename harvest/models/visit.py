"""When a person last looked at the desk."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# Who comes back within this time is on the same visit: looking again does not make the news old.
PAUSE = timedelta(hours=4)


class DeskVisit(models.Model):
    """``opened_at``: when the person last opened the dashboard; ``before``: when the visit before ended."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    before = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.person}, {self.opened_at:%Y-%m-%d %H:%M}"

    @classmethod
    def note(cls, person):
        """The person looks now. Returns when the visit before ended; None on the first one."""
        now = timezone.now()
        visit, first = cls.objects.get_or_create(person=person, defaults={"opened_at": now})
        if not first:
            if now - visit.opened_at > PAUSE:
                visit.before = visit.opened_at
            visit.opened_at = now
            visit.save()
        return visit.before
