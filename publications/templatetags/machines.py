"""What the head of a page tells machines: search engines, reference managers, link previews."""

import json

from django import template
from django.conf import settings
from django.utils.safestring import mark_safe

from publications.marking import without_markup

register = template.Library()

# A data block is never run, but "</script>" would end it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def canonical(context):
    """The address of this page without its query string, on the site's own host."""
    return settings.SITE_URL + context["request"].path


@register.simple_tag
def json_ld(paper, authorships):
    """schema.org's ``ScholarlyArticle`` of a paper."""
    article = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": without_markup(paper.title) or paper.bibcode,
        "url": settings.SITE_URL + paper.get_absolute_url(),
        "identifier": paper.bibcode,
        "datePublished": (paper.pubdate or str(paper.year)).replace("-00", ""),
        "isPartOf": {"@type": "Periodical", "name": str(paper.journal)},
        "author": [
            {
                "@type": "Organization" if authorship.author.collaboration else "Person",
                "name": authorship.author.name,
            }
            for authorship in authorships
        ],
    }
    if paper.doi:
        article["sameAs"] = f"https://doi.org/{paper.doi}"
    return mark_safe(json.dumps(article, ensure_ascii=False).translate(ESCAPES))  # noqa: S308
