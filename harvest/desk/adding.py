"""Add by hand: a pasted list or BibTeX file, where each of its papers stands, and what ADS knows of them."""

from collections import Counter
from dataclasses import asdict

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from harvest import curation
from harvest.adding import standings_of
from harvest.known import NON_INTERFERO
from harvest.models import BlocklistEntry, PastedList
from harvest.pasted import read
from harvest.start import start
from publications.models import LibraryEntry

LONGEST = 5_000_000
LONGEST_NOTE = 2000
RECENT = 10


class AddForm(forms.Form):
    list = forms.CharField(
        label="Bibcodes, DOIs, arXiv ids, addresses at ADS or a journal, or BibTeX",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        error_messages={"max_length": "list: at most %(limit_value)d characters, not %(show_value)d"},
    )
    file = forms.FileField(label="or a .bib or text file", required=False)
    why = forms.CharField(
        label="Why, for whoever decides",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "why: at most %(limit_value)d characters, not %(show_value)d"},
    )

    def clean_file(self):
        """The text of the file."""
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > LONGEST:
            raise forms.ValidationError(f"file: at most {LONGEST:,} bytes, not {file.size:,}")
        try:
            return file.read().decode("utf-8-sig").replace("\0", " ")
        except UnicodeDecodeError as error:
            raise forms.ValidationError("file: save it as UTF-8 text; this is none") from error

    def clean(self):
        answer = super().clean()
        if not self.errors:
            text = f"{answer['list']}\n{answer['file']}".strip()
            if not text:
                raise forms.ValidationError("list: paste at least one bibcode, DOI, arXiv id or BibTeX entry")
            answer["entries"], answer["problems"] = read(text)
            if not answer["entries"]:
                raise forms.ValidationError(["list: no paper is named in it", *answer["problems"][:20]])
        return answer


@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    form = (
        AddForm(request.POST, request.FILES)
        if request.method == "POST"
        else AddForm(initial=request.GET.dict())
    )
    if form.is_bound and form.is_valid():
        answer = form.cleaned_data
        kept = keep(answer["entries"], request.user, answer["why"], answer["problems"])
        return redirect("admin:pasted-list", kept.pk)
    context = {"form": form, "lists": PastedList.objects.select_related("by", "run")[:RECENT]}
    status = 400 if form.is_bound else 200
    return render(request, "admin/desk/add.html", request.desk | context, status=status)


@transaction.atomic
def keep(entries, by, why="", problems=()):
    """Store a list of `harvest.pasted.Entry`, and have ADS asked for what is not known here."""
    pasted = PastedList.objects.create(
        entries=[asdict(entry) for entry in entries], problems=list(problems), why=why, by=by
    )
    if any(standing.state == "unknown" for _, standing in standings_of(pasted)):
        ask_ads(pasted, by)
    else:
        pasted.resolved_at = timezone.now()
        pasted.save()
    return pasted


def ask_ads(pasted, by):
    pasted.run = start("add_papers", pasted.pk, by=by)
    pasted.save(update_fields=["run"])


@require_http_methods(["GET", "HEAD", "POST"])
def pasted(request, pk):
    shown = get_object_or_404(PastedList.objects.select_related("by", "run"), pk=pk)
    if request.method == "POST":
        if not request.user.has_perm("harvest.change_pastedlist"):
            raise PermissionDenied
        if "reopen" in request.POST:
            reopen(request, shown)
        elif not (shown.run and shown.run.live):
            ask_ads(shown, request.user)
        return redirect("admin:pasted-list", pk)
    entries = standings_of(shown)
    kept_out = LibraryEntry.objects.filter(library__name=NON_INTERFERO)
    without = set(
        kept_out.filter(bibcode__in=[entry.get("found") for entry, _ in entries]).values_list(
            "bibcode", flat=True
        )
    )
    context = {
        "pasted": shown,
        "entries": [(entry, standing, state_of(entry, standing, without)) for entry, standing in entries],
        "title": str(shown),
    }
    context["totals"] = Counter(state for _, _, state in context["entries"]).most_common()
    return render(request, "admin/desk/pasted.html", request.desk | context)


def state_of(entry, standing, without):
    """One of here, blocked, candidate, new, no interferometry, unknown (to ADS), not asked yet."""
    if standing.state == "candidate" and entry.get("new"):
        return "new"
    if standing.state != "unknown":
        return standing.state
    if entry.get("found") in without:
        return "no interferometry"
    return "unknown" if entry.get("found") == "" else "not asked yet"


def reopen(request, shown):
    """End a block on purpose; one that never was a candidate is asked for at ADS."""
    if not request.user.has_perm("harvest.delete_blocklistentry"):
        raise PermissionDenied
    key = request.POST["reopen"]
    entry = BlocklistEntry.objects.filter(pk=int(key) if key.isdecimal() and len(key) < 18 else 0).first()
    if entry is None:
        messages.error(request, "This block is no more: somebody ended it already.")
        return
    try:
        with transaction.atomic():
            if curation.reopen(entry, request.user) is None:
                ask_ads(shown, request.user)
    except curation.CannotDecide as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{entry.bibcode} is no longer blocked")
