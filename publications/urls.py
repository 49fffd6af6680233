from django.urls import include, path, register_converter
from django.urls.converters import PathConverter
from django.views.generic import RedirectView

from publications.views import (
    ads,
    authors,
    completion,
    downloads,
    pages,
    papers,
    plots,
    statistics,
    targets,
    vocabulary,
)


class TextConverter(PathConverter):
    """What may stand in an identifier: anything, slashes of DOIs included, but a null character."""

    regex = r"[^\x00]+"


register_converter(TextConverter, "text")

app_name = "publications"

urlpatterns = [
    path("", pages.home, name="home"),
    path("papers/", papers.paper_list, name="papers"),
    path("papers.csv", downloads.papers_as_csv, name="papers-csv"),
    path("papers.xml", downloads.papers_as_xml, name="papers-xml"),
    path("papers.bib", downloads.papers_as_bib, name="papers-bib"),
    path("papers.ris", downloads.papers_as_ris, name="papers-ris"),
    path("papers.json", downloads.papers_as_json, name="papers-json"),
    path("papers.vot", downloads.papers_as_vot, name="papers-vot"),
    path("papers.atom", downloads.papers_as_atom, name="papers-atom"),
    path("papers/<text:identifier>.bib", downloads.paper_as_bib, name="paper-bib"),
    path("papers/<text:identifier>.json", downloads.paper_as_json, name="paper-json"),
    path("papers/<text:identifier>/", papers.paper, name="paper"),
    path("tags/", vocabulary.tag_index, name="tags"),
    path("tags/<slug:slug>/", vocabulary.tag, name="tag"),
    path("journals/", vocabulary.journal_index, name="journals"),
    path("journals/<text:bibstem>/", vocabulary.journal, name="journal"),
    path("categories.json", vocabulary.categories_as_json, name="categories-json"),
    path("plots/", plots.builder, name="plots"),
    path("plots/<str:name>", plots.figure, name="figure"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/years.csv", vocabulary.years_as_csv, name="years-csv"),
    path("additions/", pages.additions, name="additions"),
    path("additions/.txt", pages.additions_text, name="additions-text"),
    path(
        "additions.txt",
        RedirectView.as_view(pattern_name="publications:additions-text", permanent=True, query_string=True),
    ),
    path("complete/", completion.complete, name="complete"),
    path("authors/", authors.author_index, name="authors"),
    path("authors/<slug:key>/", authors.author, name="author"),
    path("ads/", ads.ads, name="ads"),
    path("libraries/", pages.libraries, name="libraries"),
    path("about/legal/", pages.legal, name="legal"),
    path("robots.txt", pages.robots, name="robots"),
    path("targets/", targets.target_index, name="targets"),
    path("targets/match/", targets.match_page, name="targets-match"),
    path("targets/match.csv", targets.match_file, {"suffix": "csv"}, name="targets-match-csv"),
    path("targets/match.vot", targets.match_file, {"suffix": "vot"}, name="targets-match-vot"),
    path("targets/<slug:slug>/", targets.target, name="target"),
    path("vo/", include("publications.vo.urls")),
    path("api/", include("publications.api.urls")),
    path("healthz", pages.healthz, name="healthz"),
    path("favicon.ico", RedirectView.as_view(url="/static/publications/favicon.svg", permanent=True)),
]
