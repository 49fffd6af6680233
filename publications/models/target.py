"""Sky objects, their names, and the papers linked to them."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import slugify

from publications.folding import plain, target_key
from publications.models.fields import CodePointField
from publications.models.history import history
from publications.models.paper import Paper


class Target(models.Model):
    """An object of the sky. Its primary key is its permanent number; names change at SIMBAD.

    ``ra`` and ``dec`` are degrees, ICRS, epoch J2000.0; NULL when no position is known.
    ``pmra`` (times cos dec) and ``pmdec`` are mas/yr; NULL when not known.
    """

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=130, unique=True, editable=False)
    simbad_oid = models.BigIntegerField(null=True, blank=True, unique=True)
    otype = models.CharField("object type", max_length=40, blank=True, help_text="SIMBAD's short form")
    ra = models.FloatField(null=True, blank=True, help_text="degrees, ICRS, J2000.0")
    dec = models.FloatField(null=True, blank=True, help_text="degrees, ICRS, J2000.0")
    pmra = models.FloatField(null=True, blank=True, help_text="mas/yr, times cos(dec)")
    pmdec = models.FloatField(null=True, blank=True, help_text="mas/yr")
    papers = models.ManyToManyField(Paper, through="TargetLink", related_name="targets")

    history = history()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(ra__gte=0, ra__lt=360), name="ra_from_0_to_360"),
            models.CheckConstraint(condition=Q(dec__gte=-90, dec__lte=90), name="dec_from_minus_90_to_90"),
            models.CheckConstraint(
                condition=Q(ra__isnull=True, dec__isnull=True) | Q(ra__isnull=False, dec__isnull=False),
                name="a_position_is_whole",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if not self.slug:
            self.slug = self.free_slug(self.name)
        super().save(*args, **kwargs)
        TargetAlias.objects.get_or_create(
            key=target_key(self.name), defaults={"target": self, "name": self.name}
        )

    def get_absolute_url(self):
        return reverse("publications:target", args=[self.slug])

    @classmethod
    def free_slug(cls, name):
        stem = slugify(plain(name).replace("+", "p").replace("*", "")) or "target"
        slug, number = stem[:120], 2
        while cls.objects.filter(slug=slug).exists():
            slug, number = f"{stem[:120]}-{number}", number + 1
        return slug


class TargetAlias(models.Model):
    """A name of a target; folded, it belongs to one target only."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)
    key = CodePointField(max_length=150, unique=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "target aliases"

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.key = target_key(self.name)
        super().save(*args, **kwargs)


class TargetLink(models.Model):
    """A paper linked to a target, and the strongest reason for it."""

    class Kind(models.TextChoices):
        MEASURED = "measured", "measured (JMDC)"
        NAMED = "named", "named in title, keywords or abstract"
        LISTED = "listed", "listed by SIMBAD"
        CURATED = "curated", "by a curator"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="target_links")
    target = models.ForeignKey(Target, models.CASCADE, related_name="links")
    kind = models.CharField(max_length=8, choices=Kind)
    mentions = models.PositiveIntegerField(
        null=True, blank=True, help_text="SIMBAD's count; empty: not known"
    )

    history = history()

    class Meta:
        ordering = [F("target__name")]
        constraints = [
            models.UniqueConstraint(fields=["paper", "target"], name="one_link_of_a_target"),
            models.CheckConstraint(
                condition=Q(kind__in=["measured", "named", "listed", "curated"]), name="kind_of_link"
            ),
        ]

    def __str__(self):
        return f"{self.paper} – {self.target}"
