"""``/admin/software/``: the software groups, where their papers stand, and who uses them."""

import csv

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from harvest.models import SoftwareGroup
from harvest.software import USES, software

ON_A_PAGE = 100
LONGEST_NAME = 250


@require_safe
def groups(request):
    context = {"software": software(SoftwareGroup.objects.all()), "states": USES}
    return render(request, "admin/desk/software.html", request.desk | context)


@require_safe
def group(request, pk):
    shown, author = chosen(request, pk)
    context = {
        "one": shown,
        "states": USES,
        "author": author,
        "page": Paginator(shown.uses, ON_A_PAGE).get_page(request.GET.get("page")),
        "ads_ui_url": settings.ADS_UI_URL,
        "title": str(shown.group),
    }
    return render(request, "admin/desk/software_group.html", request.desk | context)


@require_safe
def group_csv(request, pk):
    """The group's own papers and the papers that use it, a row each."""
    shown, _ = chosen(request, pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="software-{pk}.csv"'
    writer = csv.writer(response)
    writer.writerow(["bibcode", "year", "what", "state", "why", "title", "authors"])
    for paper in shown.own:
        writer.writerow([paper.bibcode, paper.bibcode[:4], "own", paper.state.name, paper.state.why, "", ""])
    for use in shown.uses:
        writer.writerow([use.bibcode, use.year, "use", use.state, "", use.title, "; ".join(use.authors)])
    return response


def chosen(request, pk):
    """The `Software` of a group, of the author of the parameter only, and that author."""
    found = software(SoftwareGroup.objects.filter(pk=pk))
    if not found:
        raise Http404("There is no such group.")
    author = request.GET.get("author", "").replace("\0", " ").strip()[:LONGEST_NAME]
    return (found[0].by_author(author) if author else found[0]), author
