"""Lists of stars that visitors bring: names or positions → our targets and their papers."""

MOST_ROWS = 10_000
BIGGEST_LIST = 10 * 1024 * 1024  # bytes
DEFAULT_RADIUS = 5.0  # arc seconds
WIDEST_RADIUS = 3600.0


class ListRefused(ValueError):
    """A list of which nothing can be read; the message says why, and the fix."""
