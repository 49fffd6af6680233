"""Form fields: what each kind of parameter accepts, what it becomes, what it says when refused."""

import datetime
import re

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError

from publications.folding import target_key
from publications.models import Category, Identifier, Journal, Tag, TargetAlias
from publications.positions import parse_number
from publications.search.errors import QueryError
from publications.search.identifiers import recognise
from publications.search.matching import identified, searched
from publications.search.terms import check_name

MOST_BIBCODES = 200
DIGITS = re.compile(r"[0-9]{1,6}", re.ASCII)


class PlainField(forms.CharField):
    """Text of a fixed shape. Spaces at its ends are passed over; other blanks (Unicode has many) are not."""

    def __init__(self, **kwargs):
        super().__init__(strip=False, **kwargs)

    def to_python(self, value):
        return super().to_python(value).strip(" ")


class YearsField(PlainField):
    """``2012``, ``2012-2016``, ``2012-`` or ``-2011`` → (first, last), None for an open side."""

    message = "“%s” is not a year or a range of years; give 2012, 2012-2016, 2012- or -2011"

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        match = re.fullmatch(r"([0-9]{4})?(-)?([0-9]{4})?", value, re.ASCII)
        if not match or not (match[1] or match[3]) or (match[3] and not match[2]):
            raise ValidationError(self.message % value)
        first, last = (int(part) if part else None for part in (match[1], match[3]))
        if not match[2]:
            last = first
        if None not in (first, last) and first > last:
            raise ValidationError(f"“{value}” runs backwards; give {last:04}-{first:04}")
        return first, last


class DaysField(PlainField):
    """``2026-01-01/2026-03-31``, either side open → (first, last)."""

    message = "“%s” is not a range of days; give 2026-01-01/2026-03-31, 2026-01-01/ or /2026-03-31"

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        first, slash, last = value.partition("/")
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


class MonthField(PlainField):
    """``2026-03`` → its first day."""

    message = "“%s” is not a month; give one such as 2026-03"
    default_error_messages = {"required": message % ""}

    def clean(self, value):
        value = super().clean(value)
        try:
            if not re.fullmatch(r"[12][0-9]{3}-[0-9]{2}", value, re.ASCII):
                raise ValueError
            return datetime.date(int(value[:4]), int(value[5:]), 1)
        except ValueError:
            raise ValidationError(self.message % value[:40]) from None


class NumberField(PlainField):
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
    """A text in the search language, or one identifier of a paper → the condition that it puts on papers."""

    user = None

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        if identifier := recognise(value):
            return identified(identifier)
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


class CountField(PlainField):
    """``2``, ``1-3``, ``4-`` → (fewest, most), None for no upper limit."""

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        match = re.fullmatch(r"([0-9]{1,5})(?:(-)([0-9]{1,5})?)?", value, re.ASCII)
        if not match or match[1] == "0" or (match[3] and int(match[3]) < int(match[1])):
            raise ValidationError(f"“{value[:40]}” is not a number of authors; give 1, 1-3 or 4-")
        most = match[1] if not match[2] else match[3]
        return int(match[1]), int(most) if most else None


class DegreesField(PlainField):
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
            raise ValidationError(
                f"there is no target “{value[:60]}” here; /targets/ looks for it, at SIMBAD too"
            )
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
