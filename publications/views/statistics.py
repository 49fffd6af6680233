"""The page for reports."""

from django.http import QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from publications import facets
from publications.models import DataState
from publications.plots.keeping import kept
from publications.plots.report import report
from publications.views.plots import PlotSelection, controlled, linked_rows, tabs


class ReportSelection(PlotSelection):
    """Refereed papers, unless the query string says otherwise; an empty ``refereed`` means all."""

    def __init__(self, request):
        parameters = QueryDict(request.GET.urlencode(), mutable=True)
        self.said = "refereed" in parameters
        parameters.setdefault("refereed", "yes")
        if not parameters["refereed"]:
            del parameters["refereed"]
        super().__init__(parameters, request.user)

    @property
    def refereed_only(self):
        return self.value("refereed") == "yes"

    @property
    def query_of_all(self):
        rest = self.without("refereed")
        return f"{rest}&refereed=" if rest else "refereed="


@require_safe
def statistics(request):
    """Papers by year, category and facility on one page that prints well."""
    selection, today = ReportSelection(request), timezone.now().date()
    context = {"selection": selection, "tabs": tabs(selection, "statistics"), "today": today}
    if not selection.is_valid():
        context["messages"] = selection.messages()
        return render(request, "plots/statistics.html", context, status=400)

    def count():
        papers, state = selection.qs.order_by(), DataState.current().number
        columns, mask = facets.selected(papers, state, everything=not selection.chips)
        return int(mask.sum()), report(columns, mask, request.user, today.year)

    number, sections = kept(("report", selection.parameters.urlencode()), request.user, count)
    tables = [(section, list(linked_rows(section.table, selection))) for section in sections]
    context |= {"number": number, "tables": tables}
    return controlled(render(request, "plots/statistics.html", context), request.user)
