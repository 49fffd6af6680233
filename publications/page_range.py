"""The page of a paper as ADS gives it: an article number, one page, or a range. Pure."""

import re

RANGE = re.compile(r"(\w+)-(\w+)")


def first_and_last(page):
    """``L97-L100`` → ``("L97", "L100")``; what is no range is whole: ``("arXiv:astro-ph/0003347", "")``."""
    match = RANGE.fullmatch(page)
    return match.groups() if match else (page, "")
