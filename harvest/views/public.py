"""Public pages of what only the harvest knows: the blocklist, selection rules, ADS queries."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from harvest.models import BlocklistEntry, FilteredBibstem
from harvest.queries import ready_made
from publications.models import Library, Paper

ENTRIES_ON_A_PAGE = 200


@require_safe
def blocklist(request):
    pages = Paginator(BlocklistEntry.objects.all(), ENTRIES_ON_A_PAGE)
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= pages.num_pages):
        raise Http404(f"There is no page {number[:20]}; the last one is {pages.num_pages}.")
    return render(
        request,
        "harvest/blocklist.html",
        {"page": pages.page(int(number)), "ads_ui_url": settings.ADS_UI_URL},
    )


@require_safe
def about(request):
    counts = {"papers": Paper.objects.count(), "refereed": Paper.objects.filter(refereed=True).count()}
    context = {"counts": counts, "today": timezone.now().date(), "filtered": FilteredBibstem.objects.all()}
    return render(request, "about.html", context)


@require_safe
def ads_queries(request):
    """Ready-made ADS queries; without the library's id at ADS they name it instead."""
    library = Library.objects.filter(name="olbin-refereed").first()
    context = {"queries": ready_made(library.ads_id if library else None), "ads_ui_url": settings.ADS_UI_URL}
    return render(request, "harvest/ads_queries.html", context)
