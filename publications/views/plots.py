"""Figures of a selection: the builder page and the files."""

import hashlib
import re
import threading

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from publications import facets
from publications.models import DataState, Paper
from publications.models.tag import sees_hidden_tags
from publications.plots import formats
from publications.plots.addresses import SHOWING, narrowed
from publications.plots.build import Builder
from publications.plots.dimensions import categories_for
from publications.plots.figures import papers
from publications.plots.forms import FORMS
from publications.plots.keeping import kept
from publications.views.selection import Selection

# Conditions that the builder's form offers.
BY_HAND = ("q", "year", "refereed")
# More values of one parameter than this are not named in a caption.
MOST_NAMED = 5
# A table on a page ends here; its CSV has all rows.
MOST_ROWS = 300
NAMES = {
    "histogram": "Years",
    "pie": "Shares",
    "heatmap": "Heat map",
    "citations": "Citations",
    "sky": "Sky",
    "network": "Network",
}
CONTENT_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}
# Matplotlib is not made for several threads.
DRAWING = threading.Lock()
# A figure carries its style inside and asks nobody for anything; only pages of this site embed it.
FIGURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


class PlotSelection(Selection):
    """The selection of a figure: what is left of a query string without the figure's own parameters."""

    def __init__(self, parameters, user):
        super(Selection, self).__init__(parameters, user=user)
        self.parameters = parameters

    @property
    def fields_of_plot(self):
        """The conditions that the builder's form offers; the rest is chosen in the list."""
        refereed = self.form.fields["refereed"]
        refereed.widget.choices = [("", "refereed or not"), *refereed.choices]
        return [self.form[name] for name in BY_HAND]

    @property
    def kept_by_plot(self):
        return [
            (name, value)
            for name, values in self.parameters.lists()
            if name not in (*BY_HAND, *SHOWING)
            for value in values
        ]


class PlotRequest:
    """A query string as a selection and a figure's parameters; what a form sends empty is not given."""

    def __init__(self, kind, parameters, user):
        self.kind, self.user = kind, user
        self.own, rest = QueryDict(mutable=True), QueryDict(mutable=True)
        self.unknown = []
        for name, values in parameters.lists():
            if name in FORMS[kind].base_fields:
                mine = self.own
            elif name in PlotSelection.get_filters():
                mine = rest
            else:
                self.unknown.append(name)
                continue
            if any(values):
                mine.setlist(name, values)
        self.selection = PlotSelection(rest, user)
        self.form = FORMS[kind](self.own, user=user)
        self.today = timezone.now().date()

    @cached_property
    def messages(self):
        """What is wrong, a line for each; empty when a figure can be drawn."""
        known = ", ".join([*self.form.fields, *self.selection.filters])
        wrong = [f"{name[:40]}: there is no such parameter; known are {known}" for name in self.unknown]
        if not self.selection.is_valid():
            wrong += self.selection.messages()
        return wrong + self.form.messages()

    @cached_property
    def plot(self):
        return self.kept("numbers", self.count)

    def count(self):
        chosen, chips = self.selection.qs.order_by(), self.selection.chips
        columns, mask = facets.selected(chosen, DataState.current().number, everything=not chips)
        return Builder(columns, mask, self.user, self.today.year).build(self.kind, self.form)

    def kept(self, part, make):
        asked = (part, self.kind, self.own.urlencode(), self.selection.parameters.urlencode())
        return kept(asked, self.user, make)

    @property
    def caption(self):
        """Selection, number of papers, notes, date."""
        given = {}
        for chip in self.selection.chips:
            given.setdefault(chip.label, []).append(chip.value)
        joint = " or " if self.selection.value("op") == "or" else ", "
        tags = [joint.join(given.pop("", []))]
        others = [f"{label}: {named(values)}" for label, values in given.items()]
        selected = "; ".join(filter(None, tags + others))
        count = papers(self.plot.numbers.papers)
        first = f"{count} ({selected})." if selected else f"All {count}."
        return " ".join([first, *self.plot.notes, f"OLBIN Publications, {self.today}."])

    def address(self, where):
        """See `list_address`."""
        return list_address(self.selection, where)

    def file(self, name):
        """The figure as bytes in a format."""
        return self.kept(name, lambda: self.write(name))

    def write(self, name):
        if name == "csv":
            return formats.table_csv(self.plot.numbers.table)
        with DRAWING:
            sheet = self.plot.draw(self.caption, self.form.given("size", "wide"), self.today.year)
            return getattr(formats, name)(sheet, self.link)

    def link(self, where):
        """The address in a picture of the papers of ``where``."""
        address = self.address(where)
        return settings.SITE_URL + address if address and self.form.given("links") == "absolute" else address

    @cached_property
    def query(self):
        """The whole query string, the figure's parameters last."""
        return self.queried()

    def queried(self, **more):
        query = self.selection.parameters.copy()
        query.update(self.own)
        for name, value in more.items():
            query[name] = value
        return query.urlencode(safe="/:,")

    @property
    def files(self):
        """(format, address) of the figure to take away; links of a saved picture lead here from anywhere."""
        for suffix in CONTENT_TYPES:
            query = self.queried(links="absolute") if suffix == "svg" else self.query
            address = reverse("publications:figure", args=[f"{self.kind}.{suffix}"])
            yield suffix, address + (f"?{query}" if query else "")

    @property
    def tabs(self):
        category = self.own.get("by") or self.own.get("y")
        return tabs(self.selection, self.kind, category if category in categories_for(self.user) else None)

    @property
    def rows(self):
        return linked_rows(self.plot.numbers.table, self.selection, MOST_ROWS)

    @property
    def more_rows(self):
        return max(0, len(self.plot.numbers.table.rows) - MOST_ROWS)

    @property
    def most_cited(self):
        """(paper, citations) of the figure of citations."""
        most = getattr(self.plot.numbers, "most", [])
        found = Paper.objects.for_list(self.user).in_bulk([key for key, _ in most])
        return [(found[key], n) for key, n in most if key in found]


def page_address(kind, query):
    """The builder's page of a figure."""
    return f"{reverse('publications:plots')}?figure={kind}" + (f"&{query}" if query else "")


def tabs(selection, here, category=None):
    """(name, address, whether it is ``here``) of each figure and of the statistics, of the same papers.

    ``category`` is the one by which the figures shall part them; None: the usual.
    """
    for kind, name in NAMES.items():
        query = selection.parameters.copy()
        parted = next((field for field in ("by", "y") if field in FORMS[kind].base_fields), None)
        if category and parted:
            query[parted] = category
        yield name, page_address(kind, query.urlencode(safe="/:,")), kind == here
    query = f"?{selection.query}" if selection.query else ""
    yield "Statistics", reverse("publications:statistics") + query, here == "statistics"


def named(values):
    """Values of a parameter in a caption; of many only how many."""
    return ", ".join(values) if len(values) <= MOST_NAMED else f"{len(values)} values"


def list_address(selection, where):
    """The list of exactly the papers of ``selection`` that also meet ``where``; None: it has no address."""
    query = narrowed(selection, where)
    return None if query is None else reverse("publications:papers") + (f"?{query}" if query else "")


def linked_rows(table, selection, most=None):
    """A table for a page: (label, [(text, address of its papers or None)])."""
    for group, cells in table.rows[:most]:
        linked = [(cell.text, list_address(selection, cell.where) if cell.n else None) for cell in cells]
        yield group.label, linked


def controlled(response, user):
    """What a curator sees more than a visitor never enters a shared cache."""
    response["Cache-Control"] = "private, no-store" if sees_hidden_tags(user) else "public, max-age=0"
    return response


def wrong_figure(given):
    """A line that says what is wrong with the values of ``figure``; none when nothing is."""
    if len(given) > 1:
        yield f"figure: is given {len(given)} times; give it once"
    elif given[0] not in FORMS:
        yield f"figure: “{given[0][:40]}” is not known; give one of: {', '.join(FORMS)}"


@require_safe
def builder(request):
    """The page on which a figure is chosen and seen, its table under it."""
    parameters = request.GET.copy()
    kinds = parameters.pop("figure", ["histogram"])
    kind = kinds[0] if kinds[0] in FORMS else "histogram"
    plot = PlotRequest(kind, parameters, request.user)
    messages = [*wrong_figure(kinds), *plot.messages]
    context = {"plot": plot, "kind": kind, "messages": messages, "selection": plot.selection}
    response = render(request, "plots/builder.html", context, status=400 if messages else 200)
    if not messages:
        # For htmx: the address of what is drawn, without what the form sent empty.
        response["HX-Replace-Url"] = page_address(kind, plot.query)
    return controlled(response, request.user)


@require_safe
def figure(request, name):
    """``histogram.svg`` …"""
    match = re.fullmatch(r"([a-z]+)\.([a-z]+)", name)
    if not match or match[1] not in FORMS or match[2] not in CONTENT_TYPES:
        text = f"there is no figure “{name[:40]}”; figures are {', '.join(FORMS)}, "
        text += f"each with one of .{', .'.join(CONTENT_TYPES)}\n"
        return HttpResponse(text, status=404, content_type="text/plain; charset=utf-8")
    kind, suffix = match.groups()
    plot = PlotRequest(kind, request.GET, request.user)
    if plot.messages:
        text = "".join(f"{message}\n" for message in plot.messages)
        return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
    response = HttpResponse(plot.file(suffix), content_type=CONTENT_TYPES[suffix])
    kept_as = "attachment" if suffix == "csv" else "inline"
    response["Content-Disposition"] = f'{kept_as}; filename="olbin-{kind}.{suffix}"'
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()}"'
    answer = get_conditional_response(request, response["ETag"], response=controlled(response, request.user))
    if suffix == "svg":
        # On "304 Not Modified" too: a browser takes its headers over, and would not embed the figure.
        answer["Content-Security-Policy"] = FIGURE_POLICY
        answer["X-Frame-Options"] = "SAMEORIGIN"
    return answer
