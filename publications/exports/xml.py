"""Text inside XML 1.0. Pure."""

import re
from xml.sax.saxutils import escape, quoteattr

# What XML 1.0 cannot hold in any way.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(value):
    return escape(FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(value)), {"\r": "&#13;"})


def attribute(value):
    """The value of an attribute with its quotes."""
    return quoteattr(FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(value)))


def element(name, value, **attributes):
    """An element with text; none when there is no value."""
    if value is None or value == "":
        return ""
    given = "".join(f" {key}={attribute(text)}" for key, text in attributes.items())
    return f"<{name}{given}>{xml_text(value)}</{name}>"
