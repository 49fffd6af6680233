"""papers.atom: a feed of any selection, latest addition first (RFC 4287)."""

from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from django.conf import settings

from publications.exports.records import records
from publications.exports.xml import attribute, element
from publications.marking import safe_markup

SINCE = 2026  # the year of these addresses, as a tag: URI (RFC 4151) needs one
UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'


def papers_atom(papers, categories, *, query, state):
    """Yield an Atom feed of ``papers``, the selection ``query``, at the `DataState` number ``state``."""
    address = f"{settings.SITE_URL}/papers/" + (f"?{query}" if query else "")
    yield HEAD
    yield element("id", tag_uri("papers" + (f"?{query}" if query else "")))
    yield element("title", "OLBIN Publications: papers on optical long-baseline interferometry")
    yield element("updated", moment(datetime.fromtimestamp(state / 1_000_000, UTC)))
    yield "<author><name>OLBIN Publications</name></author>"
    yield f'<link rel="alternate" type="text/html" href={attribute(address)}/>'
    feed = address.replace("/papers/", "/papers.atom", 1)
    yield f'<link rel="self" type="application/atom+xml" href={attribute(feed)}/>\n'
    for record in records(papers, categories):
        yield entry(record)
    yield "</feed>\n"


def tag_uri(name):
    """An id that stays when the site moves to another scheme or port, or a paper gets another bibcode."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{SINCE}:{quote(name, safe='/?=&:,+%')}"


def moment(when):
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def entry(record):
    """One paper; its id is its permanent number here, since a preprint's bibcode changes on publication."""
    title = safe_markup(record.title) or record.bibcode
    parts = [
        element("id", tag_uri(f"paper/{record.pk}")),
        element("title", title, type="html"),
        element("updated", moment(record.updated or UNKNOWN)),
        element("published", moment(record.added)) if record.added else "",
        *(f"<author>{element('name', name)}</author>" for name, _ in record.authors),
        link("alternate", f"{settings.SITE_URL}/papers/{quote(record.bibcode, safe='&:+')}/"),
        link("related", f"{settings.ADS_UI_URL}/abs/{quote(record.bibcode, safe='&:+')}/abstract"),
        *(category(*tag) for tag in record.tags),
        element("summary", summary(record)),
    ]
    return f"<entry>{''.join(parts)}</entry>\n"


def link(relation, address):
    return f'<link rel="{relation}" type="text/html" href={attribute(address)}/>'


def category(name, label, slug):
    scheme = f"{settings.SITE_URL}/tags/#{quote(name)}"
    return f"<category term={attribute(slug)} label={attribute(label)} scheme={attribute(scheme)}/>"


def summary(record):
    """Where it is published; never the abstract."""
    described = (record.journal or record.bibstem, record.volume, record.page, str(record.year))
    return ", ".join(part for part in described if part)
