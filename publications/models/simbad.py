"""What the harvest remembers of SIMBAD, and what curators said against it."""

from django.conf import settings
from django.db import models, transaction

from publications.models.history import delete_with_history
from publications.models.paper import Paper
from publications.models.target import Target

# A paper with more objects is a catalogue or a survey: its links say little about each of them.
CATALOGUE = 300


class SimbadReading(models.Model):
    """When SIMBAD was last asked for a paper's objects, and how many it had."""

    paper = models.OneToOneField(Paper, models.CASCADE, related_name="simbad_reading")
    read_at = models.DateTimeField()
    objects_count = models.PositiveIntegerField(default=0)
    catalogue = models.BooleanField(default=False, help_text=f"more than {CATALOGUE} objects")

    class Meta:
        ordering = ["paper"]

    def __str__(self):
        return f"{self.paper}: {self.objects_count} objects"


class RemovedLink(models.Model):
    """A curator took this link away; no refresh brings it back."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="removed_links")
    target = models.ForeignKey(Target, models.CASCADE, related_name="removed_links")
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["paper"]
        constraints = [models.UniqueConstraint(fields=["paper", "target"], name="a_link_is_removed_once")]

    def __str__(self):
        return f"{self.paper} – {self.target}"

    @classmethod
    @transaction.atomic
    def remove(cls, link, user):
        """Take ``link`` away for good."""
        cls.objects.get_or_create(paper=link.paper, target=link.target, defaults={"removed_by": user})
        delete_with_history([link], user=user, reason="removed by a curator")
