"""Figures on pages."""

from django import template
from django.http import QueryDict

from publications.templatetags.olbin import shown_title

register = template.Library()
register.filter("paper_title", shown_title)


@register.inclusion_tag("plots/objects.html")
def figure_objects(kind, query, title, roomy="wide"):
    """A figure drawn for a wide place and for a telephone; the style sheet shows one of them."""
    found = {"name": f"{kind}.svg", "title": title}
    for key, size in (("wide", roomy), ("narrow", "narrow")):
        parameters = QueryDict(query, mutable=True)
        parameters["size"] = size
        found[key] = parameters.urlencode(safe="/:,")
    return found


@register.simple_tag
def chip_address(plot, kind, chip):
    """The builder with the same figure, less one condition of the selection."""
    parameters = QueryDict(chip.without, mutable=True)
    parameters.update(plot.own)
    parameters["figure"] = kind
    return "?" + parameters.urlencode(safe="/:,")
