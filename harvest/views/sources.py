"""``/sources/``: what other databases list and we do not, and the other way round."""

from dataclasses import dataclass

from django.shortcuts import render
from django.views.decorators.http import require_safe

from harvest.gaps import CHECKS, gap_lists
from publications.models import SourceRecord


@dataclass
class Comparison:
    """A cross-check; its bibcodes are all ``here``, or none is. ``unread``: its database, if not read yet."""

    title: str
    bibcodes: list
    here: bool
    unread: str


def comparisons():
    absent = {check.title for check in CHECKS if check.missing}
    unread = [source.label for source in SourceRecord.Source if not SourceRecord.objects.of(source).exists()]
    for title, bibcodes in gap_lists():
        # A check names its database.
        yet_to_read = next((name for name in unread if name in title), "")
        yield Comparison(title, bibcodes, title not in absent, yet_to_read)


@require_safe
def sources(request):
    return render(request, "harvest/sources.html", {"comparisons": comparisons()})
