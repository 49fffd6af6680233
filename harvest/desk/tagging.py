"""The grid: papers × the tags of a category, given and taken by a key."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_POST

from harvest.desk.answers import done_before, key_of, require, undo_own
from harvest.models import AdsSearch
from harvest.start import start
from harvest.vocabulary.grid import change_tags
from publications.models import Category, TagAssignment
from publications.views.selection import Selection

ROWS, MOST_ROWS = 25, 50
RIGHTS = ("publications.add_tagassignment", "publications.delete_tagassignment")
# Parameters of the grid itself; the others are those of the site's search.
OWN = ("ads", "done", "selection")


class GridSelection(Selection):
    """The site's selection, narrowed to what a search at ADS found."""

    def __init__(self, request):
        super().__init__(request)
        self.parameters = self.data = self.data.copy()
        for name in OWN:
            self.parameters.pop(name, None)
        self.search = None
        if "ads" in request.GET:
            self.narrow(request.GET["ads"])

    def narrow(self, key):
        self.search = AdsSearch.objects.select_related("by", "run").filter(pk=key_of(key)).first()
        if self.search:
            self.queryset = self.queryset.filter(pk__in=self.search.papers.order_by().values("pk"))
        elif self.form.errors is not None:
            self.form.add_error(None, f"ads: there is no search “{key[:20]}”; ask ADS anew")

    @property
    def is_asking(self):
        """Whether a job asks ADS at the moment."""
        return bool(self.search and self.search.run and self.search.run.live)

    def rows_shown(self):
        """The page that is asked for, of papers with their tags."""
        rows = min(self.value("per_page") or ROWS, MOST_ROWS)
        given = TagAssignment.objects.select_related("tag__category").in_vocabulary_order()
        papers = self.papers.select_related("journal").prefetch_related(Prefetch("assignments", given))
        return Paginator(papers, rows).get_page(self.value("page"))


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request, pk):
    """A POST toggles one tag (``cell`` and ``on``), saves a page of ticks (``rows``), or undoes."""
    category = get_object_or_404(Category.objects.in_use(), pk=pk)
    if request.method == "POST":
        require(request, *RIGHTS)
        if "cell" in request.POST:
            return toggle(request)
        back = request.get_full_path()
        return undo_own(request, back) if "undo" in request.POST else save(request, back)
    if "selection" in request.GET:
        return redirect(f"{request.path}?{query_of(request.GET['selection'])}")
    selection = GridSelection(request)
    if "HX-Request" in request.headers and not selection.is_asking:
        # ADS has answered: the page begins anew, with its keys.
        return HttpResponse(headers={"HX-Refresh": "true"})
    tags = list(category.tags.all())
    context = {"title": f"Tags of {category}", "category": category, "selection": selection, "tags": tags}
    context |= {"categories": Category.objects.in_use(), "done": done_before(request), "form": AskForm()}
    if selection.is_valid():
        page = selection.rows_shown()
        context |= shown(page, tags) | {"page": page}
    status = 200 if selection.is_valid() else 400
    return render(request, "admin/desk/grid.html", request.desk | context, status=status)


def query_of(text):
    """The query string of an address of the site, or the text itself."""
    return QueryDict(text.strip().rpartition("?")[2]).urlencode(safe="/:,")


def shown(page, tags):
    """``rows``: each paper, its cells ``(tag, key, ticked)``, its other tags; ``ticked``: keys of cells."""
    columns, rows, ticked = {tag.pk for tag in tags}, [], []
    for paper in page:
        given = list(paper.assignments.all())
        carried = {one.tag_id for one in given}
        cells = [(tag, f"{paper.pk}-{tag.pk}", tag.pk in carried) for tag in tags]
        ticked += [key for _, key, on in cells if on]
        rows.append((paper, cells, [one for one in given if one.tag_id not in columns]))
    return {"rows": rows, "ticked": " ".join(ticked)}


def toggle(request):
    """Give or take one tag, for the page's script."""
    cell = cell_of(request.POST["cell"])
    if cell is None or request.POST.get("on") not in ("0", "1"):
        return JsonResponse({"said": "cell: a paper and a tag are expected; on: 0 or 1"}, status=400)
    outcome = change_tags({cell: request.POST["on"] == "1"}, request.user)
    if outcome.gone:
        return JsonResponse({"said": retired(outcome.gone)}, status=409)
    said = capfirst(outcome.act.name) if outcome.act else "It was so already: somebody else did it"
    return JsonResponse({"said": said})


def save(request, back):
    """Carry out what differs between the ticks that were sent and those that the page showed."""
    sent, before = set(request.POST.getlist("given")), set(request.POST.get("shown", "").split())
    changed = {cell_of(key): key in sent for key in sent ^ before}
    changed.pop(None, None)
    outcome = change_tags(changed, request.user)
    if outcome.gone:
        messages.warning(request, retired(outcome.gone))
    if outcome.act is None:
        messages.info(request, "Nothing was changed.")
        return redirect(back)
    messages.success(request, f"{capfirst(outcome.act.name)}.")
    query = request.GET.copy()
    query["done"] = outcome.act.pk
    return redirect(f"{request.path}?{query.urlencode()}")


def retired(names):
    named = ", ".join(f"“{name}”" for name in names)
    return (
        f"{named}: retired or merged meanwhile, so it was left as it is. Everything else is saved; "
        "reload the page."
    )


def cell_of(text):
    """``"12-3"`` → (12, 3): keys of a paper and a tag; None when it is no such pair."""
    paper, _, tag = text.partition("-")
    return (int(paper), int(tag)) if key_of(paper) and key_of(tag) else None


class AskForm(forms.Form):
    query = forms.CharField(
        label="Only papers that a query at ADS finds",
        max_length=AdsSearch._meta.get_field("query").max_length,
        widget=forms.TextInput(attrs={"placeholder": 'full:"aperture masking"', "spellcheck": "false"}),
        error_messages={"required": "query: write it as on ADS's search page"},
    )

    def clean_query(self):
        return " ".join(self.cleaned_data["query"].split())


@require_POST
def ask_ads(request, pk):
    """Have a job ask ADS, a new query or an old one ``again``; the grid follows."""
    category = get_object_or_404(Category.objects.in_use(), pk=pk)
    address = reverse("admin:grid", args=[category.pk])
    query = QueryDict(request.POST.get("rest", ""), mutable=True)
    again = AdsSearch.objects.select_related("run").filter(pk=key_of(request.POST.get("again", ""))).first()
    form = AskForm({"query": again.query} if again else request.POST)
    if not form.is_valid():
        for error in form.errors["query"]:
            messages.error(request, error)
        return redirect(f"{address}?{query.urlencode()}")
    with transaction.atomic():
        search = again or AdsSearch(query=form.cleaned_data["query"], by=request.user)
        if not (search.run and search.run.live):
            search.save()
            search.run = start("search_ads", search.pk, by=request.user)
        search.save()
    query["ads"] = search.pk
    return redirect(f"{address}?{query.urlencode()}")
