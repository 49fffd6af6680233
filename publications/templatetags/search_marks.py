"""``{{ paper.title|marked:q }}`` and ``{{ paper.abstract|snippet:q }}``: escaped, words in <mark>."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from publications.search import snippets

register = template.Library()


def rendered(pieces):
    return mark_safe(  # noqa: S308 (each piece is escaped)
        "".join(
            format_html("<mark>{}</mark>", text) if hit else conditional_escape(text) for text, hit in pieces
        )
    )


@register.filter
def marked(title, q):
    return rendered(snippets.marked(title, q))


@register.filter
def snippet(abstract, q):
    return rendered(snippets.snippet(abstract, q))
