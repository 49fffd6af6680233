"""Forms of query strings that pass over nothing in silence."""

from itertools import pairwise
from urllib.parse import quote

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS


class StrictForm(forms.Form):
    """Refuses unknown and repeated parameters; a field that is ``repeatable`` may come several times."""

    def clean(self):
        for before, name in pairwise(["", *self.data]):
            values = self.data.getlist(name) if hasattr(self.data, "getlist") else [self.data[name]]
            if name not in self.fields:
                known = ", ".join(self.fields)
                message = f"{name[:40]}: there is no such parameter; known are {known}"
                self.add_error(None, message + self.unescaped(before, name))
            elif len(values) > 1 and not hasattr(self.fields[name], "repeatable"):
                self.add_error(name, f"is given {len(values)} times; give it once")
        return super().clean()

    def unescaped(self, before, name):
        """How to write the value of ``before`` if an & in it made ``name`` of its rest: ``?journal=A&A``."""
        if not before or self.data[name]:
            return ""
        return f"; if it belongs to {before[:40]}, write {quote(f'{self.data[before]}&{name}'[:80], safe='')}"

    def messages(self):
        """What is wrong, a line for each: ``year: “20l2” is not …``."""
        return [
            text if name == NON_FIELD_ERRORS else f"{name}: {text}"
            for name, errors in self.errors.items()
            for text in errors
        ]
