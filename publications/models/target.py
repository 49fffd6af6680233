"""Sky objects, their names, and the papers linked to them."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import slugify

from publications import sky
from publications.folding import plain, target_key
from publications.models.fields import CodePointField
from publications.models.history import history
from publications.models.paper import Paper
from publications.positions import sexagesimal


class InBands(models.Func):
    """Whether a target stands in one of some `Band`s of the sky: a short list, which the index answers."""

    output_field = models.BooleanField()

    def __init__(self, bands):
        self.bands = bands
        super().__init__(F("zone"), F("ra"))

    def as_sql(self, compiler, connection):
        zone, ra = (compiler.compile(source)[0] for source in self.get_source_expressions())
        return bands_sql(zone, ra, self.bands)


def bands_sql(zone, ra, bands):
    alternatives, params = [], []
    for band in bands:
        same = band.first == band.last
        zones = f"{zone} = %s" if same else f"{zone} BETWEEN %s AND %s"
        alternatives.append(f"({zones})" if band.all_round else f"({zones} AND {ra} BETWEEN %s AND %s)")
        params += [band.first] if same else [band.first, band.last]
        params += [] if band.all_round else [band.west, band.east]
    return f"({' OR '.join(alternatives)})", params


class InCone(models.Func):
    """Whether a target is within ``radius`` of a position: zones by the index, then the exact distance.

    The distance is the square of the chord between unit vectors, so no database needs
    trigonometry; beyond 90 degrees it is taken from the opposite point, where it is accurate.
    """

    output_field = models.BooleanField()

    def __init__(self, ra, dec, radius, prefix=""):
        self.cone = ra, dec, radius
        super().__init__(*[F(prefix + column) for column in ("zone", "ra", "x", "y", "z")])

    def as_sql(self, compiler, connection):
        zone, ra, *xyz = (compiler.compile(source)[0] for source in self.get_source_expressions())
        bands, params = bands_sql(zone, ra, sky.cone_bands(*self.cone))
        exact, exact_params = self.exact_sql(xyz)
        return f"({bands} AND {exact})", [*params, *exact_params]

    def exact_sql(self, xyz):
        ra, dec, radius = self.cone
        radius = min(radius + sky.ROUNDING, 180.0)
        centre = sky.unit_vector(ra, dec)
        comparison, limit = "<=", sky.chord_squared(radius)
        if radius > 90:
            centre = [-part for part in centre]
            comparison, limit = ">=", sky.chord_squared(180.0 - radius)
        sql, params = chord_sql(xyz, centre)
        return f"{sql} {comparison} %s", [*params, limit]


class FromPoint(models.Func):
    """Square of the chord from a position: orders by distance, accurate for near targets."""

    output_field = models.FloatField()

    def __init__(self, ra, dec, prefix=""):
        self.centre = sky.unit_vector(ra, dec)
        super().__init__(*[F(prefix + column) for column in ("x", "y", "z")])

    def get_db_converters(self, connection):
        """None: both databases give a float, and a cone may have very many."""
        return []

    def as_sql(self, compiler, connection):
        return chord_sql(
            [compiler.compile(source)[0] for source in self.get_source_expressions()], self.centre
        )


def chord_sql(xyz, centre):
    """Every number is bound: a negative one written behind a minus sign would begin a comment."""
    squares = [f"({column} - %s) * ({column} - %s)" for column in xyz]
    return f"({' + '.join(squares)})", [part for part in centre for _ in range(2)]


class TargetQuerySet(models.QuerySet):
    def in_cone(self, ra, dec, radius):
        """Targets at most ``radius`` degrees (0 to 180) from a position: exactly those, everywhere."""
        return self.filter(InCone(ra, dec, radius))

    def in_bands(self, bands):
        """Targets in any of some `Band`s, at most a few hundred: SQLite allows no deeper conditions."""
        return self.filter(InBands(bands))

    def nearest_first(self, ra, dec):
        """By distance from a position, then by number."""
        return self.order_by(FromPoint(ra, dec), "pk")

    def with_papers(self):
        """Targets that at least one paper is linked to."""
        return self.filter(models.Exists(TargetLink.objects.filter(target=models.OuterRef("pk"))))

    def with_paper_counts(self):
        """Adds ``papers_count``: how many papers are linked to the target."""
        return self.annotate(papers_count=models.Count("links"))

    def named(self, name):
        """The target of this name or alias, or None."""
        key = target_key(name)
        return self.filter(aliases__key=key).first() if key else None

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for target in objs:
            target.index_position()
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs, fields, *args, **kwargs):
        objs, fields = tuple(objs), list(fields)
        if "ra" in fields or "dec" in fields:
            for target in objs:
                target.index_position()
            fields = list(dict.fromkeys([*fields, *Target.POSITION_INDEX]))
        return super().bulk_update(objs, fields, *args, **kwargs)

    def update(self, **values):
        if ("ra" in values or "dec" in values) and "zone" not in values:
            raise TypeError(
                "a position is changed by save() or bulk_update(), which keep the index of the sky"
            )
        return super().update(**values)


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

    # The index of the sky, filled by `index_position`; NULL without a position.
    POSITION_INDEX = ["zone", "x", "y", "z"]
    zone = models.SmallIntegerField(null=True, editable=False)
    x = models.FloatField(null=True, editable=False)
    y = models.FloatField(null=True, editable=False)
    z = models.FloatField(null=True, editable=False)

    history = history(excluded_fields=POSITION_INDEX)
    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["zone", "ra"], name="target_zone_ra")]
        constraints = [
            models.CheckConstraint(condition=Q(ra__gte=0, ra__lt=360), name="ra_from_0_to_360"),
            models.CheckConstraint(condition=Q(dec__gte=-90, dec__lte=90), name="dec_from_minus_90_to_90"),
            models.CheckConstraint(
                condition=Q(ra__isnull=True, dec__isnull=True) | Q(ra__isnull=False, dec__isnull=False),
                name="a_position_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    dec__isnull=True, zone__isnull=True, x__isnull=True, y__isnull=True, z__isnull=True
                )
                | Q(dec__isnull=False, zone__isnull=False, x__isnull=False, y__isnull=False, z__isnull=False),
                name="a_position_is_indexed",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if not self.slug:
            self.slug = self.free_slug(self.name)
        self.index_position()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], *self.POSITION_INDEX}
        super().save(*args, **kwargs)
        TargetAlias.objects.get_or_create(
            key=target_key(self.name), defaults={"target": self, "name": self.name}
        )

    def get_absolute_url(self):
        return reverse("publications:target", args=[self.slug])

    @property
    def position(self):
        """``"05 55 10.31 +07 24 25.4"``, empty when not known."""
        return "" if self.ra is None else sexagesimal(self.ra, self.dec)

    def index_position(self):
        """Fill the columns by which the sky is searched from ``ra`` and ``dec``."""
        if self.ra is None or self.dec is None:
            self.zone = self.x = self.y = self.z = None
        else:
            self.zone = sky.zone_of(self.dec)
            self.x, self.y, self.z = sky.unit_vector(self.ra, self.dec)

    @staticmethod
    def slug_stem(name):
        return (slugify(plain(name).replace("+", "p").replace("*", "")) or "target")[:120]

    @classmethod
    def free_slug(cls, name, taken=()):
        """A slug that no target has and that is not in ``taken``."""
        slug = stem = cls.slug_stem(name)
        number = 2
        while slug in taken or cls.objects.filter(slug=slug).exists():
            slug, number = f"{stem}-{number}", number + 1
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


# Of the reasons for a link; a stronger one is never replaced by a weaker one.
STRENGTH = {kind: rank for rank, kind in enumerate(["listed", "named", "measured", "curated"])}


class TargetLinkQuerySet(models.QuerySet):
    def by_kind(self):
        """(kind as people read it, number of links), the strongest kind first."""
        counts = dict(self.order_by().values_list("kind").annotate(models.Count("pk")))
        kinds = ["measured", "curated", "named", "listed"]
        return [(TargetLink.Kind(kind).label, counts[kind]) for kind in kinds if kind in counts]

    def hand_over(self, links, **to):
        """Give ``links`` to another ``paper=`` or ``target=``; of two that become one, the stronger stays."""
        ((owner, kept),) = to.items()
        across = {"paper": "target_id", "target": "paper_id"}[owner]
        there = {getattr(link, across): link for link in self.filter(**to)}
        for link in links:
            own = there.get(getattr(link, across))
            if own is None:
                setattr(link, owner, kept)
                link.save()
            elif STRENGTH[link.kind] > STRENGTH[own.kind]:
                own.kind = link.kind
                own.save()


class TargetLink(models.Model):
    """A paper linked to a target, and the strongest reason for it."""

    class Kind(models.TextChoices):
        MEASURED = "measured", "measured (JMDC)"
        NAMED = "named", "named in title, keywords or abstract"
        LISTED = "listed", "listed by SIMBAD"
        CURATED = "curated", "by a curator"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="target_links")
    target = models.ForeignKey(Target, models.CASCADE, related_name="links", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    mentions = models.PositiveIntegerField(
        null=True, blank=True, help_text="SIMBAD's count; empty: not known"
    )

    history = history()
    objects = TargetLinkQuerySet.as_manager()

    class Meta:
        ordering = [F("target__name")]
        # Leads from the targets of a cone to their papers without reading the links.
        indexes = [models.Index(fields=["target", "paper"], name="papers_of_a_target")]
        constraints = [
            models.UniqueConstraint(fields=["paper", "target"], name="one_link_of_a_target"),
            models.CheckConstraint(
                condition=Q(kind__in=["measured", "named", "listed", "curated"]), name="kind_of_link"
            ),
        ]

    def __str__(self):
        return f"{self.paper} – {self.target}"
