"""The vocabulary: categories, tags, and who gave which tag to which paper."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import slugify

from publications.folding import plain
from publications.models.fields import CodePointField
from publications.models.history import history
from publications.models.validators import INTERNAL, validate_column, validate_joinable, validate_words

# The position of what stands behind everything else.
LAST = 10_000


def free_slug(name, taken):
    """A slug made from ``name`` that is not in ``taken`` (any container)."""
    stem = slugify(plain(name).replace("[", "-").replace("+", " plus "))[:90] or "tag"
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


class CategoryQuerySet(models.QuerySet):
    def public(self):
        return self.filter(public=True)

    def visible_to(self, user):
        """Hidden categories are for signed-in curators only."""
        return self if sees_hidden_tags(user) else self.public()

    def in_use(self):
        """All but the home of the retired tags."""
        return self.filter(retired=False)

    def for_retired(self):
        """The one category for tags that are not given any more, made when it is first needed."""
        found, _ = self.get_or_create(
            retired=True, defaults={"name": "Retired", "public": False, "position": LAST}
        )
        return found


def sees_hidden_tags(user):
    """Whether ``user`` is a curator; anonymous visitors and strangers are not."""
    return user is not None and user.is_authenticated and user.is_staff and user.is_active


class Category(models.Model):
    name = CodePointField(
        max_length=60, unique=True, validators=[validate_joinable, validate_words, validate_column]
    )
    label = models.CharField(max_length=60, blank=True, help_text="shown instead of the name")
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField(
        default=0, help_text="order on pages and of the columns of exports"
    )
    public = models.BooleanField(default=True, help_text="hidden categories are for curators only")
    retired = models.BooleanField(
        default=False, editable=False, help_text="the home of the tags that are not given any more"
    )

    history = history()
    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(
                fields=["retired"], condition=models.Q(retired=True), name="one_for_retired"
            ),
            models.CheckConstraint(
                condition=models.Q(retired=False) | models.Q(public=False), name="retired_tags_are_hidden"
            ),
        ]

    def __str__(self):
        return self.label or self.name

    @property
    def slug(self):
        return slugify(self.name)

    @property
    def column(self):
        """Its name in papers.csv, which marks what only curators get."""
        return self.name if self.public else f"{self.name}{INTERNAL}"


class TagQuerySet(models.QuerySet):
    def public(self):
        return self.filter(category__public=True)

    def visible_to(self, user):
        return self if sees_hidden_tags(user) else self.public()

    def to_give(self):
        """Those that a paper may still get: all but the retired ones."""
        return self.filter(category__retired=False)

    def by_slug(self, slugs):
        """``{slug: tag}`` for those of ``slugs`` that are, or once were, the address of a tag.

        The address of a retired tag is that of the tag to which it leads, where the former is not seen.
        """
        known = {tag.slug: tag for tag in self.filter(slug__in=slugs)}
        missing = [slug for slug in slugs if slug not in known]
        if missing:
            retired = Tag.objects.filter(slug__in=missing, leads_to__isnull=False)
            old = dict(retired.values_list("slug", "leads_to"))
            slugs_of_old = TagSlug.objects.filter(slug__in=missing)
            old |= dict(slugs_of_old.values_list("slug", Coalesce("tag__leads_to", "tag")))
            tags = self.in_bulk(list(old.values()))
            known |= {slug: tags[pk] for slug, pk in old.items() if pk in tags}
        return known

    def with_paper_counts(self):
        """Adds ``papers_count``: how many papers carry the tag."""
        return self.annotate(papers_count=models.Count("assignments"))

    def named(self, name):
        """The one tag with this name or (present or old) slug, whatever its case; None when there is none."""
        name = " ".join(name.casefold().split())
        return (
            self.filter(name_folded=name).first()
            or self.filter(slug=name).first()
            or self.filter(old_slugs__slug=name).first()
            or self.filter(pk__in=Tag.objects.filter(name_folded=name).values("leads_to")).first()
        )


class Tag(models.Model):
    """A word that curators give to papers. Its name is unique over all categories, its slug permanent."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="tags")
    name = CodePointField(max_length=120, validators=[validate_joinable, validate_words])
    name_folded = CodePointField(max_length=250, unique=True, editable=False)
    slug = models.SlugField(max_length=100, unique=True, editable=False)
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0, help_text="order inside the category")
    parents = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="children",
        blank=True,
        limit_choices_to={"category__retired": False},
        help_text="a paper with this tag should carry at least one of these too",
    )
    leads_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        help_text="of a retired tag: where its address leads",
    )  # fmt: skip

    history = history(m2m_fields=[parents])
    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["category__position", "category__name", "position", "name"]

    def __str__(self):
        return self.name

    def clean(self):
        same = Tag.objects.filter(name_folded=self.name.casefold()).exclude(pk=self.pk).first()
        if same:
            raise ValidationError({"name": f"there is a tag “{same}” already, in category {same.category}"})

    def save(self, *args, **kwargs):
        self.name_folded = self.name.casefold()
        if not self.slug:
            self.slug = free_slug(self.name, TakenSlugs())
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("publications:tag", args=[self.slug])

    @property
    def was_public(self):
        """Whether visitors saw it in one of the categories that it was ever in."""
        return Category.objects.public().filter(pk__in=self.history.values("category")).exists()


class TakenSlugs:
    """Every slug that a tag has or had, asked of the database."""

    def __contains__(self, slug):
        return Tag.objects.filter(slug=slug).exists() or TagSlug.objects.filter(slug=slug).exists()


class TagSlug(models.Model):
    """An old address of a tag (renamed, merged); it redirects to the tag for ever."""

    slug = models.SlugField(max_length=100, unique=True)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="old_slugs")

    history = history()

    class Meta:
        ordering = ["slug"]
        verbose_name = "old tag address"
        verbose_name_plural = "old tag addresses"

    def __str__(self):
        return self.slug


class TagAssignmentQuerySet(models.QuerySet):
    def public(self):
        return self.filter(tag__category__public=True)

    def visible_to(self, user):
        return self if sees_hidden_tags(user) else self.public()

    def in_vocabulary_order(self):
        return self.order_by("tag__category__position", "tag__category__name", "tag__position", "tag__name")


class TagAssignment(models.Model):
    """A tag on a paper: who gave it, and when (None: an import, or not known)."""

    paper = models.ForeignKey("publications.Paper", models.CASCADE, related_name="assignments")
    tag = models.ForeignKey(
        Tag, models.PROTECT, related_name="assignments", limit_choices_to={"category__retired": False}
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    given_at = models.DateTimeField(auto_now_add=True)

    history = history()
    objects = TagAssignmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "paper"], name="one_assignment_of_a_tag")]

    def __str__(self):
        return f"{self.tag} on {self.paper}"
