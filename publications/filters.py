"""Every parameter of a selection of papers, once: what it accepts, what it means, what it says when refused.

A query string → `PaperFilterSet` → `PaperQuerySet`. Pages, exports, figures and the API all use it.
"""

import django_filters
from django import forms
from django.core.validators import EMPTY_VALUES

from publications.fields import (
    AuthorField,
    BibcodesField,
    CategoryField,
    CountField,
    DaysField,
    DegreesField,
    JournalField,
    NumberField,
    QueryField,
    TagsField,
    TargetField,
    WordField,
    YearsField,
)
from publications.forms import StrictForm
from publications.models import Paper, Target
from publications.search.authors import written_by

PER_PAGE = 25
LONGEST_PAGE = 200
CONE = ("ra", "dec", "radius")
# Parameters that cannot be the name of an attribute.
PARAMETERS = {"exclude": "not", "first_author": "first-author"}


class ParameterFilter(django_filters.Filter):
    """A filter whose field is already of the right kind and whose method is on the FilterSet."""

    def __init__(self, field, method=None, label=None, **kwargs):
        self.field_class = field
        super().__init__(method=method, label=label, **kwargs)


class SelectionForm(StrictForm):
    """A position is given whole."""

    def clean(self):
        data = super().clean()
        self.check_cone()
        return data

    def check_cone(self):
        missing = [name for name in CONE if not self.data.get(name)]
        if 0 < len(missing) < len(CONE):
            for name in missing:
                self.add_error(name, "is missing; a position needs ra, dec and radius, in degrees")


class PaperFilterSet(django_filters.FilterSet):
    """The selection. ``user`` decides whether hidden tags are known."""

    q = ParameterFilter(QueryField, label="Words", method="matching")
    tag = ParameterFilter(TagsField, label="Tags", method="with_tags")
    op = ParameterFilter(
        WordField,
        choices=[("and", "all of the tags"), ("or", "any of the tags")],
        method="nothing",
        label="Tags",
    )
    exclude = ParameterFilter(TagsField, label="Without", method="without_tags")
    untagged = ParameterFilter(CategoryField, label="Untagged", method="untagged_in")
    year = ParameterFilter(YearsField, label="Year", method="in_years")
    refereed = ParameterFilter(
        WordField,
        choices=[("yes", "refereed"), ("no", "not refereed")],
        method="by_refereed",
        label="Refereed",
    )
    journal = ParameterFilter(JournalField, label="Journal", method="in_journal")
    bibcode = ParameterFilter(BibcodesField, label="Chosen", method="chosen")
    author = ParameterFilter(AuthorField, label="Author", method="by_author")
    first_author = ParameterFilter(AuthorField, label="First author", method="by_first_author")
    authors = ParameterFilter(CountField, label="Number of authors", method="by_author_count")
    keyword = ParameterFilter(forms.CharField, label="Keyword", method="with_keyword")
    target = ParameterFilter(TargetField, label="Target", method="linked_to")
    ra = ParameterFilter(DegreesField, smallest=0, largest=360, method="nothing", label="RA")
    dec = ParameterFilter(DegreesField, smallest=-90, largest=90, method="nothing", label="Dec")
    radius = ParameterFilter(DegreesField, smallest=0, largest=180, method="around", label="Radius")
    source = ParameterFilter(
        WordField,
        choices=[("oidb", "OiDB"), ("jmdc", "JMDC"), ("telbib", "ESO telbib")],
        method="in_source",
        label="Also in",
    )
    catalogue = ParameterFilter(
        WordField,
        choices=[("", "with catalogues"), ("no", "without catalogues"), ("yes", "only catalogues")],
        method="by_catalogue",
        label="Catalogues",
    )
    added = ParameterFilter(DaysField, label="Added", method="added_in")
    sort = ParameterFilter(
        WordField,
        choices=[
            ("-date", "newest first"),
            ("date", "oldest first"),
            ("-citations", "most cited"),
            ("author", "first author"),
            ("title", "title"),
            ("-added", "latest added"),
        ],
        method="nothing",
        label="Sort",
    )
    page = ParameterFilter(NumberField, method="nothing", label="Page")
    per_page = ParameterFilter(NumberField, largest=LONGEST_PAGE, method="nothing", label="Rows on a page")

    class Meta:
        model = Paper
        fields = []
        form = SelectionForm

    def __init__(self, data=None, queryset=None, *, user=None, **kwargs):
        super().__init__(data, Paper.objects.all() if queryset is None else queryset, **kwargs)
        self.user = user

    @classmethod
    def get_filters(cls):
        """``not`` and ``first-author`` cannot be the names of attributes."""
        filters = super().get_filters()
        return {PARAMETERS.get(name, name): filter_ for name, filter_ in filters.items()}

    @property
    def form(self):
        form = super().form
        for field in form.fields.values():
            if hasattr(field, "user"):
                field.user = self.user
        return form

    def messages(self):
        return self.form.messages()

    def value(self, name):
        """A parameter as understood; None when it is not given."""
        given = self.form.cleaned_data.get(name)
        return None if given in EMPTY_VALUES else given

    @property
    def papers(self):
        """The selection in its order; of a refused one, no rows."""
        if not self.is_valid():
            return self.queryset.none()
        return self.qs.sorted_by(self.value("sort") or "-date")

    def nothing(self, papers, name, value):
        return papers

    def matching(self, papers, name, condition):
        return papers.filter(condition)

    def untagged_in(self, papers, name, category):
        return papers.untagged_in(category)

    def chosen(self, papers, name, keys):
        return papers.filter(pk__in=keys)

    def by_author(self, papers, name, author):
        return papers.filter(written_by(author))

    def by_first_author(self, papers, name, author):
        return papers.filter(written_by(author, first=True))

    def by_author_count(self, papers, name, bounds):
        return papers.with_author_count(*bounds)

    def with_keyword(self, papers, name, keyword):
        return papers.with_keyword(keyword)

    def linked_to(self, papers, name, target):
        return papers.linked_to([target])

    def around(self, papers, name, radius):
        return papers.linked_to(Target.objects.in_cone(self.value("ra"), self.value("dec"), radius))

    def in_source(self, papers, name, source):
        return papers.in_source(source)

    def with_tags(self, papers, name, tags):
        if self.value("op") == "or":
            return papers.tagged_with_any(tags)
        return papers.tagged_with_all(tags)

    def without_tags(self, papers, name, tags):
        return papers.tagged_with_none(tags)

    def in_years(self, papers, name, years):
        return papers.published_between(*years)

    def by_catalogue(self, papers, name, word):
        return papers.catalogues() if word == "yes" else papers.without_catalogues()

    def by_refereed(self, papers, name, word):
        return papers.filter(refereed=word == "yes")

    def in_journal(self, papers, name, journal):
        return papers.filter(journal=journal)

    def added_in(self, papers, name, days):
        return papers.added_between(*days)
