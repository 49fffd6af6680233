"""Synthetic papers as a papers.csv of any size: the same size gives the same bytes.

Shaped like the real database: years rise, few tags carry most papers, few authors write most of them.
"""

import csv
import itertools
import json
import math
import random
import string
from collections import Counter
from pathlib import Path

VOCABULARY = Path(__file__).resolve().parent.parent / "harvest" / "data" / "vocabulary.json"
HIDDEN = "HIDDEN"  # the one category that exports leave out
COLUMNS = [
    *["bibcode", "title", "authors", "year", "pubdate", "journal", "volume"],
    *["page", "doi", "arxiv", "refereed", "citations", "added", "url"],
]
FIRST_YEAR, LAST_YEAR = 1980, 2026
# Bibstem, weight, refereed.
JOURNALS = [
    ("A&A", 34, True),
    ("ApJ", 22, True),
    ("MNRAS", 12, True),
    ("AJ", 8, True),
    ("PASP", 4, True),
    ("SPIE", 20, False),
]
# For each category: how likely a paper has 0, 1, 2, 3 of its tags.
TAGS_OF_A_PAPER = {
    "MainCategory": [0, 90, 10],
    "Facility": [5, 80, 12, 3],
    "Instrument": [25, 60, 12, 3],
    "Astrophysical topic": [20, 60, 20],
    "Wavelength": [20, 55, 20, 5],
    "Spectral Resolution": [60, 35, 5],
    "Technique": [30, 45, 20, 5],
}
WORDS = """
    interferometric imaging of the circumstellar disk around a young star resolved binary orbit angular
    diameter limb darkening stellar surface convection fringe tracking closure phase visibility dust torus
    active nucleus exoplanet astrometry Cepheid pulsation rapid rotator Be envelope wind mass loss dynamical
    parallax calibration beam combiner integrated optics atmospheric piston delay line array baseline VLTI
    CHARA GRAVITY MATISSE PIONIER AMBER model fitting reconstruction near-infrared mid-infrared survey
""".split()  # noqa: SIM905
SYLLABLES = "ba chel dor fen gar hin jo kel lan mer nol per quir ros sal tor ul ver wei zan".split()  # noqa: SIM905


def write_papers(path, count, seed=19800101):
    """Write ``count`` papers to ``path``, a row at a time."""
    random_ = random.Random(seed)
    categories = read_vocabulary()
    pages = Counter()
    with open(path, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow([*COLUMNS, *categories])
        for number in range(count):
            rows.writerow(row_of(random_, number, count, pages, categories))


def write_targets(path, papers, seed=18960000):
    """A target for half of ``papers``, few of them linked to many; a target has one position."""
    random_ = random.Random(seed)
    with (
        open(papers, newline="", encoding="utf-8") as source,
        open(path, "w", newline="", encoding="utf-8") as file,
    ):
        bibcodes = [row["bibcode"] for row in csv.DictReader(source)]
        rows = csv.writer(file)
        rows.writerow(["bibcode", "name", "ra", "dec", "otype"])
        for bibcode in bibcodes[::2]:
            number = int(max(200, len(bibcodes) // 40) ** random_.random())
            rows.writerow([bibcode, f"HD {number}", *position_of(number), "*"])


def position_of(number):
    """Anywhere on the sphere: RA, Dec in degrees."""
    random_ = random.Random(number)
    return f"{random_.uniform(0, 360):.5f}", f"{math.degrees(math.asin(random_.uniform(-1, 1))):.5f}"


def read_vocabulary():
    """``{public category: [names of its tags]}`` in vocabulary order."""
    categories = json.loads(VOCABULARY.read_text(encoding="utf-8"))["categories"]
    return {
        category["name"]: [tag["name"] for tag in category["tags"]]
        for category in categories
        if category["name"] != HIDDEN
    }


def row_of(random_, number, count, pages, categories):
    year = year_of(number / count)
    names, weights, _ = zip(*JOURNALS, strict=True)
    bibstem = random_.choices(names, weights)[0]
    refereed = {name: known for name, _, known in JOURNALS}[bibstem]
    authors = authors_of(random_, count)
    pages[year, bibstem] += 1
    volume, page = 100 + pages[year, bibstem] // 9000, 1 + pages[year, bibstem] % 9000
    return [
        f"{year}{bibstem:.<5}{volume:.>4}.{page:.>4}{authors[0][0]}",
        title_of(random_),
        "; ".join(authors),
        year,
        f"{year}-{random_.randint(1, 12):02}-00",
        bibstem,
        volume,
        page,
        f"10.0000/bench.{number}" if refereed else "",
        f"{year % 100:02}{random_.randint(1, 12):02}.{number % 100_000:05}"
        if year >= 2007 and refereed
        else "",
        str(refereed).lower(),
        int(random_.paretovariate(1.2)) - 1,
        f"{min(max(year, 2010), 2025)}-{random_.randint(1, 12):02}-{random_.randint(1, 28):02}",
        "",
        *("; ".join(tags_of(random_, name, tags)) for name, tags in categories.items()),
    ]


def year_of(share):
    """Papers rise linearly with the years: half of them belong to the last 30 percent."""
    return FIRST_YEAR + int((LAST_YEAR - FIRST_YEAR + 1) * share**0.5)


def title_of(random_):
    title = " ".join(random_.choices(WORDS, k=random_.randint(5, 12)))
    return title[0].upper() + title[1:]


def authors_of(random_, count):
    """Distinct names; the n-th most frequent one is about n times rarer than the first (Zipf)."""
    names = max(200, count // 4)
    ranks = (int(names ** random_.random()) for _ in itertools.count())
    wanted = min(60, 1 + int(random_.expovariate(1 / 7)))
    return list(dict.fromkeys(name_of(rank) for rank in itertools.islice(ranks, wanted)))


def name_of(rank):
    """The same name for the same rank, another for another."""
    surname, rest = "", rank
    while rest or not surname:
        rest, syllable = divmod(rest, len(SYLLABLES))
        surname += SYLLABLES[syllable]
    return f"{surname.capitalize()}, {string.ascii_uppercase[rank % 26]}."


def tags_of(random_, category, tags):
    """A few tags in vocabulary order, those at the head of the category far more often."""
    chances = TAGS_OF_A_PAPER.get(category, [50, 50])
    wanted = random_.choices(range(len(chances)), chances)[0]
    weights = [1 / rank for rank in range(1, len(tags) + 1)]
    chosen = set(random_.choices(tags, weights, k=wanted))
    return [tag for tag in tags if tag in chosen]
