"""The list of papers, and one paper."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from publications import facets
from publications.exports.bibtex import entry
from publications.exports.records import records
from publications.folding import target_key
from publications.models import Paper
from publications.models.simbad import CATALOGUE
from publications.search.identifiers import recognise
from publications.search.naming import named, named_target
from publications.search.suggestions import did_you_mean
from publications.views.refine import counts_of, facets_of
from publications.views.selection import Selection

ALIKE = 5


@require_safe
def paper_list(request):
    selection = Selection(request)
    if not selection.is_valid():
        return refuse(request, selection)
    if identifier := recognise(selection.words):
        return open_identified(identifier)
    counts = counts_of(selection)
    # Hits show a piece of the abstract; other lists do without that long text.
    papers = selection.papers
    rows = papers.for_page(request.user) if selection.words else papers.for_list(request.user)
    pages = Paginator(rows, selection.rows_on_a_page)
    pages.count = counts.papers
    number = selection.value("page") or 1
    if number > pages.num_pages:
        selection.form.add_error("page", f"there is no page {number}; the last one is {pages.num_pages}")
        return refuse(request, selection)
    context = {
        "selection": selection,
        "page": pages.page(number),
        "facets": facets_of(selection, counts),
        "years": sorted(counts.years.items()),
        "named": named(selection.words, request.user),
    }
    if target := selection.value("target"):
        context["named"] = [*context["named"], named_target(target)]
    if not counts.papers and selection.words:
        better = did_you_mean(selection.words, request.user)
        context["better_words"] = better
        context["better"] = better and selection.changed(q=better, page=None)
    return render(request, "papers/list.html", context)


def refuse(request, selection):
    """The form kept, no rows, and what is wrong; a star that is not here can be asked for at SIMBAD."""
    target = selection.parameters.get("target", "") if "target" in selection.form.errors else ""
    context = {"selection": selection, "page": None, "unknown_target": target if target_key(target) else ""}
    return render(request, "papers/list.html", context, status=400)


def open_identified(identifier):
    """The paper that was asked for by its identifier, or the page that says where it stands."""
    found = Paper.objects.with_identifier(identifier).first()
    if found:
        return HttpResponseRedirect(found.get_absolute_url())
    return HttpResponseRedirect(reverse("harvest:check") + "?" + urlencode({"list": identifier}))


@require_safe
def paper(request, identifier):
    """One paper. An old or differently written identifier leads to the present bibcode for good."""
    found = Paper.objects.with_identifier(identifier).for_page(request.user).first()
    if found is None:
        raise Http404(f"No paper here has the identifier {identifier}.")
    if found.bibcode != identifier:
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    # Hidden tags have no part in it: what a visitor sees must not follow from them.
    tags = [each.tag_id for each in found.assignments.all() if each.tag.category.public]
    alike = facets.most_alike(found, tags, ALIKE)
    links = found.target_links.select_related("target").order_by("target__name", "pk")
    count = links.count()
    context = {
        "paper": found,
        "links": list(links[:CATALOGUE]),
        "links_count": count,
        "links_left_out": max(0, count - CATALOGUE),
        "old_identifiers": found.identifiers.exclude(value__in=found.present_identifiers()),
        "sources": found.source_records.all(),
        "bibtex": entry(next(records(Paper.objects.filter(pk=found.pk), []))),
        "same_targets": Paper.objects.sharing_targets_with(found).for_list(request.user)[:ALIKE],
        "same_tags": Paper.objects.in_the_order_of(alike).for_list(request.user),
    }
    return render(request, "papers/paper.html", context)
