"""What is wrong with a query, and where."""


class QueryError(ValueError):
    """A query that cannot be answered; the text says why and quotes the place.

    Attributes
    ----------
    position : int
        Of the fault, counted from 0.
    """

    def __init__(self, message, position, q):
        self.position = position
        super().__init__(f"{message}, at {place(q, position)}")


def place(q, position):
    """The place in words, with the text that stands there."""
    if position >= len(q):
        before = q[max(0, len(q) - 20) :]
        cut = "…" if len(q) > 20 else ""
        return f"the end (“{cut}{readable(before)}”)"
    around = q[position : position + 20]
    cut = "…" if position + 20 < len(q) else ""
    return f"character {position + 1} (“{readable(around)}{cut}”)"


def readable(text):
    """``text`` as a message can show it: no invisible characters, and not for ever."""
    return "".join(c if c.isprintable() else "�" for c in text[:60]) + ("…" if len(text) > 60 else "")
