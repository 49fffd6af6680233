"""/check/: paste bibcodes or a BibTeX file, and see which papers are here."""

from collections import Counter

from django import forms
from django.shortcuts import render

from harvest.pasted import read
from harvest.standing import Standing, standings

LONGEST = 5_000_000


class ListForm(forms.Form):
    list = forms.CharField(
        label="Bibcodes, DOIs, arXiv ids, addresses, or a BibTeX file",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        error_messages={
            "required": "list: paste at least one bibcode, DOI, arXiv id or BibTeX entry",
            "max_length": "list: %(show_value)d characters are too many; give at most %(limit_value)d",
        },
    )


def check(request):
    """Nothing is stored: a POST only because a list may be longer than an address."""
    given = request.POST if request.method == "POST" else request.GET
    form = ListForm(given) if "list" in given else ListForm()
    context = {"form": form}
    if form.is_bound and form.is_valid():
        context["results"], context["problems"] = judged(form.cleaned_data["list"])
        context["totals"] = Counter(standing.state for _, standing in context["results"])
    return render(
        request, "harvest/check.html", context, status=400 if form.is_bound and form.errors else 200
    )


def judged(text):
    """``([(entry, standing)], problems)``; of an entry's identifiers, the first that is known counts."""
    entries, problems = read(text)
    known = standings([identifier for entry in entries for identifier in entry.identifiers])
    results = [
        (
            entry,
            next((s for i in entry.identifiers if (s := known[i]).state != "unknown"), Standing("unknown")),
        )
        for entry in entries
    ]
    return results, problems
