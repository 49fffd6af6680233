"""Who did what, when, from what to what; and taking it back."""

from datetime import UTC, datetime, time, timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from harvest.activity import About, Filter, Place, kinds_for, lines_of_act, may_undo, page
from publications.models import Act, Tag, Target
from publications.undo import CannotUndo, tracked_models, undo

# Entries of a page; lines of each kind on the page of an act.
ENTRIES, LINES = 50, 300


class ActivityForm(forms.Form):
    """What to show. ``kind`` with ``key``: one row, as the history of a row in the admin links here."""

    object = forms.CharField(max_length=250, required=False, label="Paper, tag or target")
    person = forms.CharField(max_length=150, required=False)
    kind = forms.ChoiceField(required=False)
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    key = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, data, kinds):
        super().__init__(data)
        self.kinds = kinds
        names = sorted((model._meta.verbose_name, name) for name, model in kinds.items())
        self.fields["kind"].choices = [("", "everything"), *((name, label) for label, name in names)]

    def clean_person(self):
        name = self.cleaned_data["person"]
        person = get_user_model().objects.filter(username__iexact=name).first() if name else None
        if name and person is None:
            raise forms.ValidationError(f"there is nobody with the name “{name}”")
        return person

    def clean_object(self):
        text = self.cleaned_data["object"].replace("\0", "").strip()
        if not text:
            return None
        about = About.paper(text)
        if about.model:
            return about
        for model in (Tag, Target):
            row = model.objects.named(text)
            if row:
                return About(model, row.pk)
        return about

    def filter(self):
        asked = self.cleaned_data
        kinds, about = self.kinds, asked["object"]
        if asked["kind"] and asked["key"]:
            about = About(kinds[asked["kind"]], asked["key"])
        elif asked["kind"]:
            kinds = {asked["kind"]: kinds[asked["kind"]]}
        everything = len(kinds) == len(tracked_models())
        until = asked["until"] and asked["until"] + timedelta(days=1)
        return Filter(kinds, everything, asked["person"], about, midnight(asked["since"]), midnight(until))


def midnight(day):
    return day and datetime.combine(day, time.min, UTC)


@require_safe
def activity(request):
    """Acts and single changes, the newest first."""
    form = ActivityForm(request.GET, kinds_for(request.user))
    context = {"form": form}
    if form.is_valid():
        try:
            place = Place.read(request.GET["after"]) if "after" in request.GET else None
        except ValueError:
            raise Http404("after: the address of a page is expected as the page before gives it") from None
        context["entries"], more = page(form.filter(), ENTRIES, place)
        context["older"] = more and urlencode(asked(request) | {"after": more})
    return render(
        request, "admin/desk/activity.html", request.desk | context, status=200 if form.is_valid() else 400
    )


def asked(request):
    return {name: value for name, value in request.GET.items() if value and name in ActivityForm.base_fields}


@require_safe
def act(request, pk):
    """One act, line by line; to htmx only its lines."""
    shown = get_object_or_404(Act.objects.select_related("by", "undone__by", "undoes"), pk=pk)
    context = {"act": shown, "kinds": lines_of_act(shown, kinds_for(request.user), LINES)}
    if "HX-Request" in request.headers:
        return render(request, "admin/desk/act_lines.html", context)
    context |= {"title": shown.name, "may_undo": may_undo(request.user, shown)}
    return render(request, "admin/desk/act.html", request.desk | context)


@require_http_methods(["GET", "HEAD", "POST"])
def undo_act(request, pk):
    """What an undo brings back; by POST it does."""
    past = get_object_or_404(Act.objects.select_related("by", "undone__by"), pk=pk)
    if not may_undo(request.user, past):
        messages.error(request, "This act changed what you may not change: ask an administrator.")
        return redirect("admin:act", pk)
    if request.method == "POST":
        try:
            made = undo(past, request.user)
        except CannotUndo as error:
            messages.error(request, f"Nothing was undone: {error}.")
            return redirect("admin:act", pk)
        messages.success(request, f"Undone: {past.name}")
        return redirect("admin:act", made.pk)
    context = {"title": f"Undo: {past.name}", "act": past, "backwards": True,
               "kinds": lines_of_act(past, kinds_for(request.user), LINES)}  # fmt: skip
    return render(request, "admin/desk/act_undo.html", request.desk | context)
