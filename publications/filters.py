"""Every parameter of a selection of papers, once: what it accepts, what it means, what it says when refused.

A query string → `PaperFilterSet` → `PaperQuerySet`. Pages, exports, figures and the API all use it.
"""

import datetime
import re

import django_filters
from django import forms
from django.core import validators
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import EMPTY_VALUES

from publications.folding import target_key
from publications.models import Category, Identifier, Journal, Paper, Tag, Target, TargetAlias
from publications.positions import parse_number
from publications.search.authors import written_by
from publications.search.errors import QueryError
from publications.search.matching import searched
from publications.search.terms import check_name

PER_PAGE = 25
LONGEST_PAGE = 200
MOST_BIBCODES = 200
CONE = ("ra", "dec", "radius")
# Parameters that cannot be the name of an attribute.
PARAMETERS = {"exclude": "not", "first_author": "first-author"}
DIGITS = re.compile(r"[0-9]{1,6}", re.ASCII)


class YearsField(forms.CharField):
    """``2012``, ``2012-2016``, ``2012-`` or ``-2011`` → (first, last), None for an open side."""

    message = "“%s” is not a year or a range of years; give 2012, 2012-2016, 2012- or -2011"

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        match = re.fullmatch(r"([0-9]{4})?(-)?([0-9]{4})?", value.strip(), re.ASCII)
        if not match or not (match[1] or match[3]) or (match[3] and not match[2]):
            raise ValidationError(self.message % value)
        first, last = (int(part) if part else None for part in (match[1], match[3]))
        if not match[2]:
            last = first
        if first and last and first > last:
            raise ValidationError(f"“{value}” runs backwards; give {last}-{first}")
        return first, last


class DaysField(forms.CharField):
    """``2026-01-01/2026-03-31``, either side open → (first, last)."""

    message = "“%s” is not a range of days; give 2026-01-01/2026-03-31, 2026-01-01/ or /2026-03-31"

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        first, slash, last = value.strip().partition("/")
        if not slash or not (first or last):
            raise ValidationError(self.message % value)
        first, last = self.day(first, value), self.day(last, value)
        if first and last and first > last:
            raise ValidationError(f"“{value}” runs backwards; give {last}/{first}")
        return first, last

    def day(self, text, value):
        if not text:
            return None
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
                raise ValueError
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise ValidationError(self.message % value) from None


class NumberField(forms.CharField):
    """A whole number from ``smallest`` to ``largest`` in plain digits."""

    def __init__(self, *, smallest=1, largest=999_999, **kwargs):
        self.smallest, self.largest = smallest, largest
        super().__init__(**kwargs)

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        if not DIGITS.fullmatch(value) or not self.smallest <= int(value) <= self.largest:
            raise ValidationError(f"“{value}” is not a whole number from {self.smallest} to {self.largest:,}")
        return int(value)


class WordField(forms.ChoiceField):
    """One of a few words."""

    def __init__(self, *, choices, **kwargs):
        allowed = ", ".join(value for value, _ in choices if value)
        kwargs["error_messages"] = {"invalid_choice": f"“%(value)s” is not known; give one of: {allowed}"}
        super().__init__(choices=choices, **kwargs)


class TagsField(forms.Field):
    """Slugs of tags, each known to the present user → tags in the order given.

    A hidden tag is answered exactly as an unknown one, except to a curator.
    """

    repeatable = True
    widget = forms.SelectMultiple
    user = None

    def clean(self, value):
        slugs = list(dict.fromkeys(slug for slug in value or [] if slug))
        validators.ProhibitNullCharactersValidator()("".join(slugs))
        known = Tag.objects.visible_to(self.user).select_related("category").by_slug(slugs)
        for slug in slugs:
            if slug not in known:
                raise ValidationError(f"there is no tag “{slug[:100]}”; /tags/ lists them all")
        return list(dict.fromkeys(known[slug] for slug in slugs))


class BibcodesField(forms.Field):
    """Identifiers of papers here, present or old, each a value → primary keys."""

    repeatable = True
    widget = forms.SelectMultiple

    def clean(self, value):
        given = list(dict.fromkeys(text for text in value or [] if text))
        validators.ProhibitNullCharactersValidator()("".join(given))
        if len(given) > MOST_BIBCODES:
            raise ValidationError(f"{len(given)} bibcodes are too many; give at most {MOST_BIBCODES}")
        keys = {Identifier.key_of(text): text for text in given}
        known = dict(Identifier.objects.filter(key__in=keys).values_list("key", "paper"))
        for key, text in keys.items():
            if key not in known:
                raise ValidationError(f"there is no paper “{text[:60]}” here; /check/ tells where it stands")
        return list(known.values())


class JournalField(forms.CharField):
    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        journal = Journal.objects.filter(bibstem=value).first()
        if journal is None:
            raise ValidationError(f"there is no journal “{value[:40]}” here; /journals/ lists them all")
        return journal


class QueryField(forms.CharField):
    """A text in the search language → the condition that it puts on papers."""

    user = None

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        try:
            return searched(value, self.user)
        except QueryError as error:
            raise ValidationError(str(error)) from error


class AuthorField(forms.CharField):
    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        try:
            check_name(value)
        except ValueError as error:
            raise ValidationError(
                f"“{value[:40]}” is not a name; give one such as Mérand, A or Mérand"
            ) from error
        return value


class CountField(forms.CharField):
    """``2``, ``1-3``, ``4-`` → (fewest, most), None for no upper limit."""

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        match = re.fullmatch(r"([0-9]{1,5})(?:(-)([0-9]{1,5})?)?", value.strip(), re.ASCII)
        if not match or match[1] == "0" or (match[3] and int(match[3]) < int(match[1])):
            raise ValidationError(f"“{value[:40]}” is not a number of authors; give 1, 1-3 or 4-")
        most = match[1] if not match[2] else match[3]
        return int(match[1]), int(most) if most else None


class DegreesField(forms.CharField):
    """A plain decimal number of degrees from ``smallest`` to ``largest``, both included."""

    def __init__(self, *, smallest, largest, **kwargs):
        self.smallest, self.largest = smallest, largest
        super().__init__(**kwargs)

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        try:
            number = parse_number(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if not self.smallest <= number <= self.largest:
            raise ValidationError(f"“{value[:40]}” is not from {self.smallest} to {self.largest} degrees")
        return number


class TargetField(forms.CharField):
    """A name or alias of a target."""

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        alias = TargetAlias.objects.filter(key=target_key(value)).select_related("target").first()
        if alias is None:
            raise ValidationError(f"there is no target “{value[:60]}” here; try a name as SIMBAD writes it")
        return alias.target


class CategoryField(forms.CharField):
    """The name of a category that the present user sees."""

    user = None

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        visible = Category.objects.visible_to(self.user)
        found = next((category for category in visible if value in (category.name, category.slug)), None)
        if found is None:
            names = ", ".join(category.name for category in visible)
            raise ValidationError(f"there is no category “{value[:60]}”; give one of: {names}")
        return found


class ParameterFilter(django_filters.Filter):
    """A filter whose field is already of the right kind and whose method is on the FilterSet."""

    def __init__(self, field, method=None, label=None, **kwargs):
        self.field_class = field
        super().__init__(method=method, label=label, **kwargs)


class SelectionForm(forms.Form):
    """Refuses what a form would pass over in silence: unknown and repeated parameters."""

    def clean(self):
        for name in self.data:
            values = self.data.getlist(name) if hasattr(self.data, "getlist") else [self.data[name]]
            if name not in self.fields:
                known = ", ".join(self.fields)
                self.add_error(None, f"{name[:40]}: there is no such parameter; known are {known}")
            elif len(values) > 1 and not hasattr(self.fields[name], "repeatable"):
                self.add_error(name, f"is given {len(values)} times; give it once")
        self.check_cone()
        return super().clean()

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
        """What is wrong, a line for each: ``year: “20l2” is not …``."""
        return [
            text if name == NON_FIELD_ERRORS else f"{name}: {text}"
            for name, errors in self.form.errors.items()
            for text in errors
        ]

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

    def by_refereed(self, papers, name, word):
        return papers.filter(refereed=word == "yes")

    def in_journal(self, papers, name, journal):
        return papers.filter(journal=journal)

    def added_in(self, papers, name, days):
        return papers.added_between(*days)
