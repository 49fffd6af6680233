"""Lists of stars that visitors bring: names or positions → our targets and their papers."""

MOST_ROWS = 10_000
DEFAULT_RADIUS = 5.0  # arc seconds
WIDEST_RADIUS = 3600.0
