"""How the desk shows numbers and evidence."""

from django import template

from harvest import ranking

register = template.Library()


@register.filter
def how_many(papers):
    """The number of papers here; nothing when it is not known."""
    return "" if papers in (None, "") else ranking.how_many(papers)


@register.filter
def points(hundredths):
    """``140`` → ``+1.4``; the sign is the message."""
    return f"{hundredths / 100:+.1f}".replace("-", "−") if hundredths else "0"


@register.filter
def item(mapping, key):
    return mapping.get(key, "")


@register.inclusion_tag("admin/desk/kept.html", takes_context=True)
def kept_form(context):
    """What was sent while nobody was signed in, to be sent again or forgotten; keys and steps stay hidden."""
    kept = context["request"].session.get("kept")
    return kept and {
        "kept": kept,
        "fields": [
            (name, value, value.isdecimal() or name.startswith("_")) for name, value in kept["fields"]
        ],
        "csrf_token": context.get("csrf_token"),
    }
