"""What is measured. A page, a figure, an export to add is a line to add."""

from typing import NamedTuple


class Page(NamedTuple):
    """``paths`` are asked one after the other, over and over.

    ``unchanged``: the ETag of the first answer is given back. ``script``: asked as the page's script does.
    """

    name: str
    paths: list[str]
    unchanged: bool = False
    script: bool = False


def pages():
    """Called inside Django, with the database filled."""
    from publications.models import Author, Paper, Tag

    bibcodes = list(Paper.objects.order_by("-citations", "bibcode").values_list("bibcode", flat=True)[:20])
    slugs = list(Tag.objects.values_list("slug", flat=True)[:40])
    author = Author.objects.order_by("pk").values_list("key", flat=True)[0]
    # Each of them once only: a selection that nobody has asked before.
    fresh = [f"/papers/?tag={tag}&year={year}-" for year, tag in zip(range(1981, 2021), slugs, strict=False)]
    return [
        Page("home", ["/"]),
        Page("list", ["/papers/"]),
        Page("list, 2 tags", ["/papers/?tag=vlti&tag=gravity"]),
        Page("list, tag and years, never asked", fresh),
        Page("list, page 20", ["/papers/?page=20"]),
        Page("list by citations", ["/papers/?sort=-citations"]),
        Page("search, words", ["/papers/?q=angular+diameter"]),
        Page("search, a common word", ["/papers/?q=interferometry"]),
        Page("search, a phrase", ['/papers/?q="angular diameter"']),
        Page("search, author", ["/papers/?q=author:Bador"]),
        Page("author", [f"/authors/{author}/"]),
        Page("paper", [f"/papers/{bibcode.replace('&', '%26')}/" for bibcode in bibcodes]),
        Page("tags", ["/tags/"]),
        Page("API, list", ["/api/papers/"]),
        Page("API, list, ETag given back", ["/api/papers/"], unchanged=True),
        Page("API, statistics", ["/api/statistics/"]),
    ]


def desk():
    """What a curator asks; called inside Django, with candidates that wait."""
    from harvest.models import Candidate, SearchRule

    ranked = list(Candidate.objects.pending().ranked().values_list("pk", flat=True)[:1000])
    chara = SearchRule.objects.get(name="CHARA").pk
    return [
        Page("triage, first page", ["/admin/triage/"]),
        Page("triage, page 50", ["/admin/triage/?page=50"]),
        Page("triage, one rule", [f"/admin/triage/?rule={chara}"]),
        Page("a candidate", [f"/admin/triage/{pk}/" for pk in ranked]),
        Page("the next candidate", [f"/admin/triage/next/?after={pk}" for pk in ranked], script=True),
        Page("the next candidate, no script", [f"/admin/triage/next/?after={pk}" for pk in ranked]),
        Page("dashboard", ["/admin/"]),
        Page("consistency", ["/admin/consistency/"]),
        Page("yield", ["/admin/yield/"]),
    ]


FIGURES = {
    "years": "/plots/histogram.svg",
    "years by facility": "/plots/histogram.svg?by=facility",
    "years by facility, PNG": "/plots/histogram.png?by=facility",
    "pie of facilities": "/plots/pie.svg",
    "ranked authors": "/plots/pie.svg?by=author&style=bars",
    "heat map": "/plots/heatmap.svg",
    "network": "/plots/network.svg",
    "sky": "/plots/sky.svg",
    "citations": "/plots/citations.svg",
    "statistics": "/statistics/",
}
EXPORTS = ["csv", "xml", "bib", "ris", "json", "vot", "atom"]
