"""The selection, and one paper, as files."""

from django.http import HttpResponse, HttpResponsePermanentRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from publications.exports.atom import papers_atom
from publications.exports.bibtex import entry, papers_bib
from publications.exports.csv import papers_csv
from publications.exports.legacy_xml import papers_xml
from publications.exports.papers_json import facts, papers_json, text
from publications.exports.records import records
from publications.exports.ris import papers_ris
from publications.exports.votable import papers_vot
from publications.models import Category, DataState, Paper
from publications.models.tag import sees_hidden_tags
from publications.views.selection import Selection, refused


def etag(request, *args, **kwargs):
    """A file follows from its address, the state of the data and the day, which it names; not a curator's."""
    if sees_hidden_tags(request.user):
        return None
    return f'"{DataState.current().number}-{timezone.now().date()}"'


def of_selection(answer):
    """A view that gives ``answer(request, selection)`` to those who do not have it yet.

    A malformed selection is refused before anybody's ETag is looked at.
    """
    unless_unchanged = condition(etag_func=etag)(answer)

    @require_safe
    def view(request):
        selection = Selection(request)
        return unless_unchanged(request, selection) if selection.is_valid() else refused(selection)

    return view


def download(render, content_type, extension):
    """A view that streams the selection as ``render(papers, categories, number)`` gives it."""

    @of_selection
    def view(request, selection):
        number = selection.papers.count()
        chunks = render(selection.papers, Category.objects.visible_to(request.user), number)
        response = streamed(chunks, content_type, number)
        response["Content-Disposition"] = f'attachment; filename="olbin-papers.{extension}"'
        return response

    return view


def streamed(chunks, content_type, number):
    response = StreamingHttpResponse(chunks, content_type=f"{content_type}; charset=utf-8")
    response["X-Total-Count"] = number
    return response


def uncounted(render):
    """A renderer that has no use for the number of papers, in the shape of those that have."""
    return lambda papers, categories, number: render(papers, categories)


papers_as_csv = download(uncounted(papers_csv), "text/csv", "csv")
papers_as_xml = download(uncounted(papers_xml), "application/xml", "xml")
papers_as_bib = download(papers_bib, "application/x-bibtex", "bib")
papers_as_ris = download(papers_ris, "application/x-research-info-systems", "ris")
papers_as_json = download(papers_json, "application/json", "json")
papers_as_vot = download(papers_vot, "application/x-votable+xml", "vot")


@of_selection
def papers_as_atom(request, selection):
    """All of the selection, latest addition first, whatever ``sort``."""
    papers = selection.papers.sorted_by("-added")
    chunks = papers_atom(
        papers,
        Category.objects.visible_to(request.user),
        query=selection.changed(page=None, per_page=None, sort=None),
        state=DataState.current().number,
    )
    return streamed(chunks, "application/atom+xml", papers.count())


def one_paper(name, content_type, render):
    """A view of one paper as a file; another identifier leads to the present bibcode for good."""

    @require_safe
    def view(request, identifier):
        found = Paper.objects.with_identifier(identifier)
        bibcode = found.values_list("bibcode", flat=True).first()
        if bibcode is None:
            message = f"No paper here has the identifier {identifier}.\n"
            return HttpResponse(message, status=404, content_type="text/plain; charset=utf-8")
        if bibcode != identifier:
            return HttpResponsePermanentRedirect(reverse(f"publications:{name}", args=[bibcode]))
        (record,) = records(found, Category.objects.visible_to(request.user))
        return HttpResponse(render(record), content_type=f"{content_type}; charset=utf-8")

    return view


paper_as_bib = one_paper("paper-bib", "application/x-bibtex", entry)
paper_as_json = one_paper("paper-json", "application/json", lambda record: text(facts(record)) + "\n")
