"""Plans to bring an ADS library and the database into step: stored before they are carried out."""

from django.conf import settings
from django.db import models

from harvest.models.run import HarvestRun
from publications.models import Act, Library
from publications.models.fields import CodePointField


class SyncPlan(models.Model):
    """A diff of sets of bibcodes. ``ads_*``: to be written at ADS; ``local_*``: to be written here.

    ``foreign_*``: somebody's changes at ADS to a library of which the database is the truth; they are
    reported and stay, until a person lets the database win. ``unknown``: bibcodes that ADS does not know.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "planned"
        WAITING = "waiting", "waits for a person"
        APPLIED = "applied", "applied and verified"
        INCOMPLETE = "incomplete", "applied, but ADS did not take everything"
        FAILED = "failed", "failed"
        UNDONE = "undone", "undone"

    library = models.ForeignKey(Library, models.CASCADE, related_name="plans")
    run = models.ForeignKey(HarvestRun, models.SET_NULL, null=True, blank=True, related_name="plans")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.TextField(blank=True, help_text="why it waits or failed")
    ads_add = models.JSONField(default=list, blank=True)
    ads_remove = models.JSONField(default=list, blank=True)
    local_add = models.JSONField(default=list, blank=True)
    local_remove = models.JSONField(default=list, blank=True)
    foreign_add = models.JSONField(default=list, blank=True)
    foreign_remove = models.JSONField(default=list, blank=True)
    unknown = models.JSONField(default=list, blank=True)
    rename = CodePointField(max_length=50, blank=True, help_text="the library's new name at ADS")
    settled = models.BooleanField(
        default=True,
        help_text="no: it may have been carried out in part, and nobody has read the library since",
    )
    consented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    act = models.ForeignKey(
        Act, models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        help_text="what it wrote here",
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.library}: +{len(self.ads_add)} −{len(self.ads_remove)}"

    @property
    def changes_something(self):
        return bool(self.ads_add or self.ads_remove or self.local_add or self.local_remove or self.rename)
