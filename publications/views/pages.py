"""Home, additions, libraries, and whether the process is alive."""

import datetime

from django.conf import settings
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from publications import facets
from publications.fields import MonthField
from publications.forms import StrictForm
from publications.models import Library, Paper
from publications.views.selection import refused
from publications.views.vocabulary import categories_with_counts

MONTHS_ON_A_PAGE = 3
LATEST = 5
# An import of a whole database is no list to read: the page says how many more there are.
MOST_ADDITIONS = 300


@require_safe
def home(request):
    years = facets.count(Paper.objects.all(), everything=True).years
    latest = list(Paper.objects.latest_added().for_list(request.user)[:LATEST])
    context = {
        "count": sum(years.values()),
        "years": sorted(years.items(), reverse=True),
        "categories": categories_with_counts(request.user),
        "latest": latest,
        "last_added": latest[0].added if latest else None,
        "last_synced": Library.objects.aggregate(last=Max("synced_at"))["last"],
    }
    return render(request, "home.html", context)


def month_after(month, number):
    """The first day of the ``number``-th month after (before, when negative) that of ``month``."""
    months = month.year * 12 + month.month - 1 + number
    return datetime.date(months // 12, months % 12 + 1, 1)


class MonthsForm(StrictForm):
    """``until``: the last of three months, the present one when it is left out."""

    until = MonthField()

    def __init__(self, given):
        data = given.copy()
        data.setdefault("until", f"{timezone.now():%Y-%m}")
        super().__init__(data)


def quarter(until, user):
    """The context of a page of additions: three months, ``until`` being the first day of the last one."""
    this_month = timezone.now().date().replace(day=1)
    first, after = month_after(until, 1 - MONTHS_ON_A_PAGE), month_after(until, 1)
    papers = Paper.objects.added_between(first, after - datetime.timedelta(days=1))
    return {
        "first": first,
        "last": until,
        "selection": f"{first}/{after - datetime.timedelta(days=1)}",
        "count": papers.count(),
        "papers": papers.sorted_by("-added").for_list(user)[:MOST_ADDITIONS],
        "earlier": month_after(first, -1) if Paper.objects.added_before(first).exists() else None,
        "later": month_after(until, MONTHS_ON_A_PAGE) if until < this_month else None,
    }


@require_safe
def additions(request):
    """By date of entry, three months a page."""
    form = MonthsForm(request.GET)
    if not form.is_valid():
        return render(request, "additions.html", {"messages": form.messages()}, status=400)
    return render(request, "additions.html", quarter(form.cleaned_data["until"], request.user))


@require_safe
def additions_text(request):
    """The same as plain text, ready for a newsletter."""
    form = MonthsForm(request.GET)
    if not form.is_valid():
        return refused(form)
    context = quarter(form.cleaned_data["until"], request.user)
    return render(request, "additions.txt", context, content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request):
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def legal(request):
    return render(request, "legal.html")


@require_safe
def libraries(request):
    found = Library.objects.kept().filter(public=True).annotate(entries_count=Count("entries"))
    return render(request, "libraries.html", {"libraries": found, "ads_ui_url": settings.ADS_UI_URL})


@require_safe
def robots(request):
    """Selections are endless; robots take the papers from the sitemap."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /papers/?",
        "Disallow: /plots/*?",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
