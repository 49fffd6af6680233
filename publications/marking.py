"""Markup of ADS's titles and abstracts: what is safe to show. Pure."""

import html
import re

from django.utils.html import escape
from django.utils.safestring import mark_safe

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]*>")
KEPT = {"sub", "sup", "i", "b"}


def without_markup(text):
    """``H<SUB>2</SUB>O &amp; ice`` → ``H2O & ice``."""
    return html.unescape(TAG.sub("", text))


def safe_markup(text):
    """Sub- and superscripts, italics and bold as HTML; everything else escaped, every tag closed.

    ADS sends titles with HTML and with entities, ``S&lt;SUB&gt;`` included.
    """
    pieces, opened, end = [], [], 0
    for match in TAG.finditer(text):
        pieces.append(escape(html.unescape(text[end : match.start()])))
        end = match.end()
        name = match[2].lower()
        if name not in KEPT:
            continue
        if not match[1]:
            opened.append(name)
            pieces.append(f"<{name}>")
        elif opened and opened[-1] == name:
            opened.pop()
            pieces.append(f"</{name}>")
    pieces.append(escape(html.unescape(text[end:])))
    pieces.extend(f"</{name}>" for name in reversed(opened))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece of text above is escaped
