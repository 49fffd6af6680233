"""The parameters of a figure, beside those of the selection: what is allowed, and what is said otherwise."""

from django import forms
from django.core.exceptions import ValidationError

from publications.fields import NumberField, TagsField, WordField
from publications.forms import StrictForm
from publications.plots.dimensions import WORDS, categories_for, title_of, usual_for
from publications.plots.groups import MOST_GROUPS

# What a histogram stacks; an author or a keyword is no part of a stack.
STACKED = ("journal", "refereed")
RANKED = ("journal", "refereed", "first-author", "author", "keyword")
CROSSED = ("year", "journal", "refereed", "keyword")


class DimensionField(forms.ChoiceField):
    """One of a few words, or a category of tags that the present user sees; ``usual`` when left out."""

    usual = ""

    def __init__(self, words, *, blank=(), **kwargs):
        self.words, self.blank = words, blank
        super().__init__(required=False, **kwargs)

    def offer(self, user):
        categories = [(slug, title_of(category)) for slug, category in categories_for(user).items()]
        self.choices = [*self.blank, *categories, *((word, WORDS[word]) for word in self.words)]
        allowed = ", ".join(value for value, _ in self.choices if value)
        self.error_messages = {"invalid_choice": f"“%(value).40s” is not known; give one of: {allowed}"}
        if not self.blank:
            self.usual = usual_for(user)

    def clean(self, value):
        return super().clean(value) or self.usual

    def bound_data(self, data, initial):
        return data or self.usual


class FigureForm(StrictForm):
    """What every figure takes. ``user`` decides which categories are known."""

    size = WordField(
        choices=[("wide", "wide"), ("half", "half a page"), ("narrow", "for a telephone")],
        required=False,
        label="Size",
    )
    links = WordField(
        choices=[("relative", "within this site"), ("absolute", "from anywhere")],
        required=False,
        label="Links of a picture",
    )

    def __init__(self, data, *, user=None):
        super().__init__(data)
        self.user = user
        for field in self.fields.values():
            if isinstance(field, DimensionField):
                field.offer(user)
            if isinstance(field, TagsField):
                field.user = user

    @property
    def to_choose(self):
        """What the builder's page offers first; size and links are for addresses, tags are ticked apart."""
        return [field for field in self if field.name not in ("size", "links", "tags")]

    def given(self, name, default=None):
        return self.cleaned_data.get(name) or default


def groups_field():
    return NumberField(required=False, largest=MOST_GROUPS, label=f"Groups shown, to {MOST_GROUPS}")


def minimum_field(label="Papers of a group, at least"):
    return NumberField(required=False, label=label)


class HistogramForm(FigureForm):
    by = DimensionField(STACKED, label="Parted by", blank=[("", "nothing")])
    tags = TagsField(required=False, label="Only the tags that you tick")
    mode = WordField(
        required=False,
        label="Numbers",
        choices=[
            ("absolute", "papers"),
            ("share", "per cent of the year"),
            ("cumulative", "papers up to the year"),
        ],
    )
    style = WordField(
        required=False, label="Bars", choices=[("stacked", "stacked"), ("side", "side by side")]
    )
    show = groups_field()
    minimum = minimum_field()

    @property
    def tags_to_tick(self):
        """Of each category: its name, whether any of its tags is ticked, and (slug, name, ticked) of each."""
        ticked = set(self["tags"].value() or [])
        for category in categories_for(self.user).values():
            tags = [(tag.slug, tag.name, tag.slug in ticked) for tag in category.tags.all()]
            yield title_of(category), any(mine for *_, mine in tags), tags

    def clean_tags(self):
        tags = self.cleaned_data["tags"]
        if len(tags) > MOST_GROUPS:
            raise ValidationError(f"{len(tags)} tags are given; a figure has room for {MOST_GROUPS}")
        by = self.cleaned_data.get("by")
        for tag in tags:
            if by and tag.category.slug != by:
                raise ValidationError(
                    f"“{tag.slug}” is not a tag of {by}; leave by out, or give tags of {by}"
                )
        return tags


class PieForm(FigureForm):
    by = DimensionField(RANKED, label="Parted by")
    divide = WordField(
        required=False,
        label="It divides",
        choices=[
            ("", "as suits"),
            ("papers", "papers"),
            ("assignments", "assignments"),
        ],
    )
    style = WordField(
        required=False,
        label="As",
        choices=[("", "as suits"), ("pie", "a pie"), ("bars", "ranked bars")],
    )
    collaborations = WordField(
        required=False, label="Collaborations", choices=[("yes", "counted as authors"), ("no", "left out")]
    )
    show = groups_field()
    minimum = minimum_field()


class HeatMapForm(FigureForm):
    x = DimensionField(CROSSED, label="Columns")
    y = DimensionField(CROSSED, label="Rows")
    show = groups_field()
    minimum = minimum_field()

    def __init__(self, data, *, user=None):
        super().__init__(data, user=user)
        x, y = self.fields["x"], self.fields["y"]
        x.usual = y.usual if data.get("y") == "year" else "year"
        if data.get("x") == y.usual:
            y.usual = "year"

    def clean(self):
        if self.cleaned_data.get("x") and self.cleaned_data.get("x") == self.cleaned_data.get("y"):
            self.add_error("y", "is the same as x; give two different ones")
        return super().clean()


class NetworkForm(FigureForm):
    by = DimensionField((), label="Tags of")
    show = groups_field()
    minimum = minimum_field("Papers of a line, at least")


class PlainForm(FigureForm):
    """A figure without parameters of its own."""


# Kind of figure: its form.
FORMS = {
    "histogram": HistogramForm,
    "pie": PieForm,
    "heatmap": HeatMapForm,
    "network": NetworkForm,
    "sky": PlainForm,
    "citations": PlainForm,
}
