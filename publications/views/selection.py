"""A request's selection of papers, and how a page talks about it."""

from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpResponse, QueryDict
from django.utils.functional import cached_property

from publications.filters import PER_PAGE, PaperFilterSet

# Parameters that say how to show a selection, not which papers are in it.
SHOWING = ("sort", "page", "per_page")
BY_HAND = ("year", "added", "op", "catalogue")


@dataclass
class Chip:
    """One condition of the selection, and the query string without it."""

    label: str
    value: str
    without: str
    category: str = ""


class Selection(PaperFilterSet):
    """`PaperFilterSet` of a request, with the addresses that lead on from it."""

    def __init__(self, request):
        super().__init__(request.GET, user=request.user)
        self.parameters = request.GET

    @cached_property
    def query(self):
        """The selection as a query string, without what only concerns the page."""
        return self.changed(page=None, per_page=None)

    def changed(self, **values):
        """The query string with some parameters set anew (None: left out)."""
        query = self.parameters.copy()
        for name, value in values.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return query.urlencode(safe="/:,")

    def without(self, name, value=None):
        """The query string less a parameter, or less one of its values."""
        query = QueryDict(mutable=True)
        for key, values in self.parameters.lists():
            kept = [v for v in values if key != "page" and not (key == name and value in (None, v))]
            if kept:
                query.setlist(key, kept)
        return query.urlencode(safe="/:,")

    @property
    def chips(self):
        chips = []
        for name, filter_ in self.filters.items():
            if name in (*SHOWING, "op") or name not in self.parameters:
                continue
            for given in self.parameters.getlist(name):
                if given:
                    chips.append(self.chip(name, filter_, given))
        return chips

    def chip(self, name, filter_, given):
        value, category = given, ""
        if name in ("tag", "not"):
            tag = next((tag for tag in self.value(name) or [] if tag.slug == given), None)
            if tag:
                value, category = tag.name, tag.category.slug
        if name in ("journal", "untagged"):
            value = str(self.value(name) or given)
        label = "not" if name == "not" else getattr(filter_, "label", None) or name
        return Chip("" if name == "tag" else label, value, self.without(name, given), category)

    @property
    def by_position(self):
        return bool(self.parameters.get("radius"))

    def having(self, name, value):
        """The query string with one more value of a parameter, at its end."""
        return "&".join(filter(None, [self.query_of_first_page, f"{name}={quote(value)}"]))

    @property
    def words(self):
        return self.parameters.get("q", "")

    @property
    def kept_by_search(self):
        """What the search box sends again beside the words: (name, value)."""
        kept = (item for item in self.parameters.lists() if item[0] in self.filters)
        return [(name, value) for name, values in kept if name not in ("q", "page") for value in values]

    @cached_property
    def query_of_first_page(self):
        return self.without("page")

    @property
    def query_without_year(self):
        return self.without("year")

    @property
    def fields_by_hand(self):
        """Fields of the small form beside the list; the rest is chosen by links."""
        return [self.form[name] for name in BY_HAND if name in self.form.fields]

    @property
    def order(self):
        """What the list is sorted by, as asked for."""
        return self.parameters.get("sort") or "-date"

    @property
    def orders(self):
        """The ways to sort the list: (label, query string, whether it is the present one)."""
        return [
            (label, self.changed(sort=order, page=None), order == self.order)
            for order, label in self.form.fields["sort"].choices
        ]

    @property
    def order_label(self):
        return dict(self.form.fields["sort"].choices).get(self.order, "choose")

    @property
    def by_citations(self):
        return self.order == "-citations"

    @property
    def kept_by_form(self):
        """What the form does not show and must send again: (name, value)."""
        return [
            (name, value)
            for name, values in self.parameters.lists()
            if name in self.filters and name not in (*BY_HAND, "page")
            for value in values
        ]

    def at_page(self, number):
        return self.changed(page=number if number > 1 else None)

    @property
    def rows_on_a_page(self):
        return self.value("per_page") or PER_PAGE


def refused(selection):
    """A refused selection, or form of one, in any format but HTML: the same text, status 400."""
    text = "".join(message + "\n" for message in selection.messages())
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
