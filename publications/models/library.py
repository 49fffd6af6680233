"""Our libraries at ADS: names, ids, counts. Written by the harvest."""

from django.db import models

from publications.models.fields import CodePointField
from publications.models.tag import Tag


class LibraryQuerySet(models.QuerySet):
    def kept(self):
        """Those whose content we still say: not those of tags that are merged, retired or hidden by now."""
        return self.filter(models.Q(named_after="") | models.Q(tag__category__public=True))

    def given_up(self):
        """The others: made for a tag that visitors do not see any more."""
        return self.exclude(named_after="").exclude(tag__category__public=True)


class Library(models.Model):
    name = CodePointField(max_length=50, unique=True, help_text="ADS cuts longer names")
    ads_id = CodePointField(
        max_length=22, null=True, blank=True, unique=True, help_text="empty: not bound yet"
    )
    description = models.CharField(max_length=200, blank=True)
    tag = models.OneToOneField(Tag, models.SET_NULL, null=True, blank=True, related_name="library")
    named_after = CodePointField(
        max_length=120, blank=True, editable=False, help_text="the tag whose name it has; empty: of no tag"
    )
    tag_slug = CodePointField(
        max_length=120, blank=True, editable=False, help_text="of its tag, also while that one is gone"
    )
    name_at_ads = CodePointField(
        max_length=50, blank=True, editable=False, help_text="its name at ADS until it is renamed there too"
    )
    public = models.BooleanField(default=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    in_step_with = models.CharField(
        max_length=80, blank=True, editable=False,
        help_text="ADS's own mark of the content that was the same here; empty: not the same, or not known",
    )  # fmt: skip

    held = models.PositiveIntegerField(
        null=True, editable=False, help_text="how many ADS had when it was last read"
    )
    foreign_add = models.JSONField(
        default=list, editable=False, help_text="what somebody added at ADS, and we left there"
    )
    foreign_remove = models.JSONField(default=list, editable=False, help_text="what somebody removed at ADS")

    objects = LibraryQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "ADS library"
        verbose_name_plural = "ADS libraries"

    def __str__(self):
        return self.name

    def bind(self, ads_id):
        """Make it the library ``ads_id`` of ADS from now on: nothing is known of that one yet."""
        self.ads_id, self.synced_at, self.held, self.in_step_with = ads_id or None, None, None, ""
        self.foreign_add, self.foreign_remove = [], []
        self.save()


class LibraryEntry(models.Model):
    """A bibcode that a library held when we last knew."""

    library = models.ForeignKey(Library, models.CASCADE, related_name="entries")
    bibcode = CodePointField(max_length=19)

    class Meta:
        ordering = ["bibcode"]
        verbose_name_plural = "library entries"
        constraints = [models.UniqueConstraint(fields=["library", "bibcode"], name="one_entry_of_a_bibcode")]

    def __str__(self):
        return f"{self.bibcode} in {self.library}"
