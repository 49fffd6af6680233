"""How facts of a paper look on a page."""

from functools import lru_cache
from urllib.parse import quote

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

from publications import marking
from publications.known_positions import known_positions
from publications.models import Category, Tag
from publications.page_range import first_and_last
from publications.positions import halves

register = template.Library()

AUTHORS_IN_A_LIST = 4
# A row of bars for one year only would be a wall.
FEWEST_YEARS = 20
MONTHS = ["", "January", "February", "March", "April", "May", "June", "July",
          "August", "September", "October", "November", "December"]  # fmt: skip


@register.filter
def shown_title(paper):
    """The title with its subscripts and superscripts; a bare paper is named by its bibcode."""
    return marking.safe_markup(paper.title) if paper.title else paper.bibcode


@register.filter
def plain_text(text):
    """Text without markup, for titles of windows and for machines."""
    return marking.without_markup(text)


@register.filter
def safe_markup(text):
    return marking.safe_markup(text)


@register.filter
def first_authors(paper, number=AUTHORS_IN_A_LIST):
    """``"A; B; C; D and 5 more"``."""
    names = paper.author_names
    more = len(names) - number
    if not paper.authors_complete:
        return "; ".join(names[:number]) + " et al."
    return "; ".join(names[:number]) + (f" and {more} more" if more > 0 else "")


@register.simple_tag(name="known_positions")
def known_positions_tag():
    """``"positions known for 123 of 253 papers"``"""
    return known_positions()


@register.filter
def published_in(paper):
    """Journal, volume, first page."""
    page, _ = first_and_last(paper.page)
    return ", ".join(part for part in (str(paper.journal), paper.volume, page) if part)


@register.filter
def published_on(paper):
    """``2012 April`` as far as it is known."""
    year, month, day = (paper.pubdate or f"{paper.year}-00-00").split("-")
    return " ".join(part for part in (year, MONTHS[int(month)], day.lstrip("0")) if part)


@register.filter
def citation_date(paper):
    """``2012/04/01`` as far as it is known, for ``citation_publication_date``."""
    return "/".join(part for part in (paper.pubdate or str(paper.year)).split("-") if part != "00")


@register.filter
def citation(paper):
    """A reference to paste: authors, year, journal, volume, page."""
    names = paper.author_names
    shown = "; ".join(names[:3]) + (" et al." if len(names) > 3 or not paper.authors_complete else "")
    return ", ".join(part for part in (shown, str(paper.year), published_in(paper)) if part)


@register.filter
def parted(position):
    """``05 55 10.31 +07 24 25.4``: a line may break between right ascension and declination only."""
    ra, dec = halves(position)
    return format_html('<span class="whole">{}</span> <span class="whole">{}</span>', ra, dec)


@register.filter
def ads_url(paper):
    return ads_page(paper.bibcode)


@register.filter
def ads_page(bibcode):
    return f"{settings.ADS_UI_URL}/abs/{quote(bibcode, safe='')}/abstract"


@register.inclusion_tag("partials/years.html")
def year_bars(years, query=""):
    """A bar for each year, each a link to its papers; ``years`` is (year, number of papers) in any order.

    ``query`` is the rest of the selection's query string.
    """
    counts = dict(years)
    if not counts:
        return {"bars": []}
    first, last, top = min(counts), max(counts), max(counts.values())
    bars = [
        {
            "year": year,
            "n": n,
            "x": 10 * (year - first),
            "y": 98 - round(96 * n / top),
            "height": 2 + round(96 * n / top),
        }
        for year, n in sorted(counts.items())
    ]
    return {
        "bars": bars,
        "first": first,
        "last": last,
        "width": 10 * max(last - first + 1, FEWEST_YEARS),
        "query": query,
    }


@register.inclusion_tag("partials/nav_link.html", takes_context=True)
def nav_link(context, name, label):
    """A link of the site's navigation, marked when the present page lies under it."""
    address = reverse(name)
    request = context.get("request")
    return {"address": address, "label": label, "here": request and request.path.startswith(address)}


@register.simple_tag
def tag_link(tag):
    """A tag as an item of a list."""
    category = tag.category
    return tag_item(tag.slug, tag.name, category.name, category.label, category.public)


@lru_cache(maxsize=2_000)
def tag_item(slug, name, category, label, public):
    """A page has hundreds of tags, the same ones again and again."""
    tag = Tag(slug=slug, name=name, category=Category(name=category, label=label, public=public))
    return format_html(
        '<li><a class="tag cat-{}{}" href="{}" title="{}{}">{}</a></li>',
        tag.category.slug,
        "" if public else " internal",
        tag.get_absolute_url(),
        tag.category,
        "" if public else ", internal",
        tag.name,
    )


@register.simple_tag
def facet_value(value):
    """A line of a facet. A page has hundreds: a template for each took a third of its time."""
    if value.query is None:
        return format_html('<li>{}<span class="n">{}</span></li>', value.label, value.n)
    if value.active:
        return format_html(
            '<li><a href="?{}"><strong>{}</strong> <span aria-hidden="true">×</span>'
            '<span class="skip">remove</span></a><span class="n">{}</span></li>',
            value.query,
            value.label,
            value.n,
        )
    without = ""
    if value.without:
        without = format_html(
            '<a class="without" href="?{0}" title="not {1}"><span aria-hidden="true">−</span>'
            '<span class="skip">without {1}</span></a> ',
            value.without,
            value.label,
        )
    return format_html(
        '<li><a href="?{}">{}</a><span class="n">{}{}</span></li>', value.query, value.label, without, value.n
    )


@register.inclusion_tag("partials/pager.html")
def pager(selection, page):
    return {
        "page": page,
        "previous": selection.at_page(page.number - 1),
        "next": selection.at_page(page.number + 1),
    }
