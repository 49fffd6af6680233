"""The sign-in form, which looks at a limited number of passwords."""

import math

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

from harvest.models.sign_in import SignInAttempt, TooManyAttempts
from publications.api.throttling import address_of


class SignInForm(AdminAuthenticationForm):
    # What was sent without a session, on its way into the next one (signed_out.py).
    kept = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean(self):
        name = self.cleaned_data.get("username")
        if not name or not self.cleaned_data.get("password"):
            return super().clean()
        try:
            attempt = SignInAttempt.begin(name, address_of(self.request))
        except TooManyAttempts as error:
            minutes = math.ceil(error.wait.total_seconds() / 60)
            raise ValidationError(
                f"Too many wrong passwords: nothing was looked at. Try again in {minutes} "
                f"minute{'s' if minutes > 1 else ''}.",
                code="too_many",
            ) from error
        cleaned = super().clean()
        attempt.succeed()
        return cleaned
