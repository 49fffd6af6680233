"""Targets: search by name or position, one target, and many at once."""

import re
from urllib.parse import urlencode

from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.base import ContentFile
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publications.elsewhere import pages_around, pages_of
from publications.fields import NumberField
from publications.filters import PaperFilterSet
from publications.folding import target_key
from publications.forms import StrictForm
from publications.models import Category, Paper, Target, TargetAlias
from publications.positions import looks_like_position, parse_number, parse_position
from publications.starlists import (
    BIGGEST_LIST,
    DEFAULT_RADIUS,
    MOST_ROWS,
    WIDEST_RADIUS,
    ListRefused,
    writing,
)
from publications.starlists.matching import Answer
from publications.starlists.reading import read_list
from publications.views.authors import page_of
from publications.vo.parameters import VOTABLE_TYPE

ON_A_PAGE = 50
# Categories whose gaps are told on the page of a target.
COVERAGE = ["Instrument", "Wavelength"]
# Degrees, for the table of one target; finds its companions too.
AROUND_A_TARGET = 0.001
# Where SAMP's Web profile has its hub, on the reader's own machine.
SAMP = {"connect-src": ["http://localhost:21012"]}
TOO_BIG = "the list is larger than 10 MB; give it in parts"
# How the fields of a form begin, when they are no file.
FORM = re.compile(rb"(?:list|radius)=")


class TargetSearch(StrictForm):
    """A name or a position; ``radius`` in degrees."""

    q = forms.CharField(
        required=False,
        max_length=120,
        error_messages={
            "max_length": "give at most 120 characters",
            "null_characters_not_allowed": "null characters are not allowed",
        },
    )
    radius = forms.CharField(
        required=False,
        max_length=30,
        initial="0.1",
        error_messages={
            "max_length": "give at most 30 characters",
            "null_characters_not_allowed": "null characters are not allowed",
        },
    )
    page = NumberField(required=False)

    def clean_radius(self):
        try:
            radius = parse_number(self.cleaned_data["radius"] or "0.1")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if not 0 <= radius <= 180:
            raise forms.ValidationError("give 0 to 180 degrees")
        return radius

    def clean_q(self):
        q = self.cleaned_data["q"]
        if not looks_like_position(q):
            return q
        try:
            self.position = parse_position(q)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return q

    position = None

    def targets(self):
        """The targets asked for that papers are linked to."""
        targets = Target.objects.with_papers().with_paper_counts()
        if self.position:
            return targets.in_cone(*self.position, self.cleaned_data["radius"]).nearest_first(*self.position)
        if key := target_key(self.cleaned_data["q"]):
            begins = TargetAlias.objects.filter(key__startswith=key)
            return targets.filter(pk__in=begins.values("target")).order_by("name", "pk")
        return targets.order_by("-papers_count", "pk")


def cone_address(ra, dec, radius):
    """The cone search's answer as a file."""
    return f"{reverse('publications:cone-search')}?RA={ra!r}&DEC={dec!r}&SR={radius!r}"


@csp_update(SAMP)
@require_safe
def target_index(request):
    """A name that leads to one target opens it."""
    form = TargetSearch(request.GET)
    unknown_name = form.is_valid() and not form.position and form.cleaned_data["q"]
    if unknown_name and (named := Target.objects.named(unknown_name)):
        return redirect(named)
    page = found_on(form)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "unknown_name": unknown_name if target_key(unknown_name or "") else "",
    }
    if form.is_valid() and form.position:
        cone = (*form.position, form.cleaned_data["radius"])
        context |= {"table": cone_address(*cone), "elsewhere": pages_around(*cone)}
    return render(request, "targets/index.html", context, status=200 if form.is_valid() else 400)


def found_on(form):
    """The page asked for, of what is found; None when the form is refused, or there is no such page."""
    if not form.is_valid():
        return None
    pages = Paginator(form.targets(), ON_A_PAGE)
    number = form.cleaned_data["page"] or 1
    if number > pages.num_pages:
        form.add_error("page", f"there is no page {number}; the last one is {pages.num_pages}")
        return None
    return pages.page(number)


def coverage(papers):
    """For each of `COVERAGE`: category, its tags with numbers and years, and the tags that no paper has."""
    carried = papers.filter(assignments__tag__category__name__in=COVERAGE).values_list("assignments__tag")
    counts = {
        tag: (number, first, last)
        for tag, number, first, last in carried.annotate(n=Count("pk"), first=Min("year"), last=Max("year"))
    }
    for category in Category.objects.public().filter(name__in=COVERAGE).prefetch_related("tags"):
        tags = category.tags.all()
        rows = [(tag, *counts[tag.pk]) for tag in tags if tag.pk in counts]
        yield category, rows, [tag for tag in tags if tag.pk not in counts]


@csp_update(SAMP)
@require_safe
def target(request, slug):
    """The papers linked to a target, all of them or, by ``catalogue``, with or without catalogues."""
    found = get_object_or_404(Target, slug=slug)
    linked = Paper.objects.filter(target_links__target=found)
    chosen = {name: value for name, value in request.GET.items() if name == "catalogue"}
    selection = PaperFilterSet(chosen, linked)
    papers = selection.qs if selection.is_valid() else linked.none()
    pages = Paginator(papers.sorted_by("-date").for_list(request.user), ON_A_PAGE)
    context = {
        "target": found,
        "elsewhere": pages_of(found),
        "messages_of_selection": selection.messages(),
        "aliases": found.aliases.exclude(name=found.name),
        "count": pages.count,
        "catalogues": linked.catalogues().count(),
        "chosen": urlencode(chosen),
        "table": found.position and cone_address(found.ra, found.dec, AROUND_A_TARGET),
        "kinds": found.links.filter(paper__in=papers).by_kind(),
        "coverage": coverage(papers),
        "page": page_of(pages, request.GET.get("page", "1")),
    }
    return render(request, "targets/target.html", context, status=200 if selection.is_valid() else 400)


class StarListForm(forms.Form):
    """A list pasted or uploaded, and a radius in arc seconds."""

    list = forms.CharField(required=False, max_length=BIGGEST_LIST, widget=forms.Textarea)
    file = forms.FileField(required=False, allow_empty_file=True)
    radius = forms.CharField(required=False, max_length=30, initial=f"{DEFAULT_RADIUS:g}")

    def clean_radius(self):
        try:
            radius = parse_number(self.cleaned_data["radius"] or str(DEFAULT_RADIUS))
        except ValueError as error:
            raise forms.ValidationError(f"radius: {error}") from error
        if not 0 < radius <= WIDEST_RADIUS:
            raise forms.ValidationError(f"radius: give more than 0 and at most {WIDEST_RADIUS:g} arc seconds")
        return radius

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > BIGGEST_LIST:
            raise forms.ValidationError(TOO_BIG)
        return file

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        try:
            self.stars = read_list(data["file"].read() if data["file"] else data["list"])
        except ListRefused as error:
            raise forms.ValidationError(str(error)) from error
        return data

    def answer(self):
        return Answer(self.stars, self.cleaned_data["radius"])


@require_http_methods(["GET", "HEAD", "POST"])
def match_page(request):
    form = StarListForm(request.POST, request.FILES) if request.method == "POST" else StarListForm()
    answer = form.answer() if form.is_bound and form.is_valid() else None
    if answer and request.POST.get("format") in FORMATS:
        return file_of(answer, request.POST["format"])
    context = {"form": form, "answer": answer, "most": f"{MOST_ROWS:,}", "site": settings.SITE_URL}
    return render(request, "targets/match.html", context, status=400 if form.errors else 200)


@csrf_exempt
@require_POST
def match_file(request, suffix):
    """The same for programs: the list as ``list``, as ``file``, or as the whole body."""
    try:
        form = StarListForm(*fields_of(request))
    except RequestDataTooBig:
        return HttpResponse(f"{TOO_BIG}\n", status=400, content_type="text/plain; charset=utf-8")
    if not form.is_valid():
        reasons = [reason for reasons in form.errors.values() for reason in reasons]
        return HttpResponse("\n".join(reasons) + "\n", status=400, content_type="text/plain; charset=utf-8")
    return file_of(form.answer(), suffix)


def fields_of(request):
    """(fields, files) of a form, or of a list that is the whole body, whatever type its sender gives it."""
    radius = {"radius": request.GET["radius"]} if "radius" in request.GET else {}
    is_form = request.content_type == "multipart/form-data" or FORM.match(request.body)
    if is_form:
        return request.POST.dict() | radius, request.FILES
    return radius, {"file": ContentFile(request.body, name="list")}


FORMATS = {"csv": ("text/csv; charset=utf-8", writing.as_csv), "vot": (VOTABLE_TYPE, writing.as_votable)}


def file_of(answer, suffix):
    content_type, write = FORMATS[suffix]
    response = HttpResponse(write(answer), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="targets.{suffix}"'
    return response
