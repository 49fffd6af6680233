"""What each address of the API accepts: the selection's own parameters, and ``fields``."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from publications.fields import NumberField
from publications.filters import LONGEST_PAGE, PaperFilterSet, ParameterFilter
from publications.forms import StrictForm


class FieldsField(forms.CharField):
    """``bibcode,title`` → the set of those names, each one of ``names``."""

    def __init__(self, *, names=(), **kwargs):
        self.names = list(names)
        super().__init__(**kwargs)

    def clean(self, value):
        wanted = [name.strip() for name in super().clean(value).split(",") if name.strip()]
        for name in wanted:
            if name not in self.names:
                raise ValidationError(f"there is no field “{name[:40]}”; known are {', '.join(self.names)}")
        return set(wanted) or None


class FieldsForm(StrictForm):
    """``fields`` alone, of an address that answers one thing."""

    fields = FieldsField(required=False, label="Names of the fields to answer, joined by commas")

    def __init__(self, data, names):
        super().__init__(data)
        self.fields["fields"].names = list(names)


class PageForm(FieldsForm):
    page = NumberField(required=False, label="Page, from 1")
    per_page = NumberField(required=False, largest=LONGEST_PAGE, label="Rows on a page")


class NoParameters(StrictForm):
    """Of an address that takes none."""


class PaperParameters(PaperFilterSet):
    """The selection, and the fields to answer of each paper."""

    fields = ParameterFilter(
        FieldsField, method="nothing", label="Names of the fields to answer, joined by commas"
    )

    def __init__(self, data, names):
        super().__init__(data)
        self.form.fields["fields"].names = list(names)


def errors_of(form):
    """``{parameter: [messages]}``, the messages as pages show them."""
    errors = {name: list(texts) for name, texts in form.errors.items() if name != NON_FIELD_ERRORS}
    for text in form.non_field_errors():
        # An unknown parameter has no field; its message begins with its name.
        name, _, message = text.partition(": ")
        errors.setdefault(name, []).append(message)
    return errors
