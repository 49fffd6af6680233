"""/ads/: the present selection at NASA ADS."""

from urllib.parse import quote

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from publications.ads_query import MOST_EXACT, exact, translated
from publications.views.selection import Selection


def at_ads(query):
    return f"{settings.ADS_UI_URL}/search/q={quote(query, safe='')}&sort=date%20desc%2C%20bibcode%20desc"


@require_safe
def ads(request):
    """Two ways there: exactly the papers of the selection when they are few, and the same conditions."""
    selection = Selection(request)
    if not selection.is_valid():
        return render(request, "ads.html", {"selection": selection}, status=400)
    bibcodes = list(selection.papers.values_list("bibcode", flat=True)[: MOST_EXACT + 1])
    query = translated(selection)
    context = {
        "selection": selection,
        "query": query,
        "address": at_ads(query.text),
        "most": MOST_EXACT,
        "nothing": not bibcodes,
    }
    if 0 < len(bibcodes) <= MOST_EXACT:
        context["exact"] = {"text": exact(bibcodes), "address": at_ads(exact(bibcodes)), "n": len(bibcodes)}
    return render(request, "ads.html", context)
