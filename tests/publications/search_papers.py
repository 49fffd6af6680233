"""Papers to search in: made up at random (always the same) from words that are hard to search."""

import random

from publications import models
from publications.folding import target_key
from tests.factories import CategoryFactory, PaperFactory, TagFactory, TargetFactory

TEXTS = [
    "interferometry", "interferometric", "Interferometer", "optical", "star", "stars", "starspots", "binary",
    "MIRC-X", "B[e]", "Be", "be", "X", "H<SUB>2</SUB>O", "H₂O", "Hα", r"H$\alpha$", "α Cen", r"$\alpha$ Cen",
    "alpha", "étoile", "etoile", "VLTI/GRAVITY", "naïve", "Strömgren", r"Str\"omgren", "ﬁbre", "fibre",
    "<i>Gaia</i>", "M&#233;rand", "R&amp;D", "HD 39801", "HD39801", "10", "100", "1000", "2012", "O'Brien",
    "5&quot;", "<p>new line</p>", "a<b", "β Lyr", "π<SUP>1</SUP> Gru", "μm", "the", "of", "and", "OR", "NEAR",
    "J\\o rgensen", "Jørgensen", "Weißberg", "Wałęsa", "long-baseline", "long", "baseline", "(sub)millimetre",
    "A&A", "540", r"{\it Kepler}", "25%", "a_b", "star*", "中文", "звезда",
]  # fmt: skip
AUTHORS = [
    "Mérand, Antoine", "Mérand, A.", "Merand, A", "Mérand, Alain", "Mérand, A. B.", "Mérand, Antoine B.",
    "Le Bouquin, J.-B.", "Le Bouquin, Jean-Baptiste", "Bouquin, J.", "ten Brummelaar, T. A.", "Kervella, P.",
    "Kervella, Pierre", "O'Brien, D.", "GRAVITY Collaboration", "Jørgensen, Uffe G.", "Jorgensen, U.",
    "van Belle, Gerard T.", "Belle, G.", "Merand", "Star, A.", "Wałęsa, L.",
]  # fmt: skip
KEYWORDS = [
    "stars: binaries", "stars: individual (α Cen)", "techniques: interferometric", "binaries", "Be stars",
    "instrumentation: high angular resolution", "stars", "individual", "MIRC-X", "25% duty",
]  # fmt: skip
STEMS = ["A&A", "ApJ", "MNRAS", "A&ARv", "SPIE"]
TAGS = {"GRAVITY": "gravity", "Evolved stars (AGB, RSG)": "evolved-stars-agb-rsg", "MIRC-X": "mirc-x"}
# Each target with ways to write it; the first is its name, the second one more alias.
TARGETS = [
    ["HD 39801", "* alf Ori", "HD39801", "hd 39801", "α Ori", "alpha Ori", "alf ori"],
    ["Sgr A*", "NAME Sgr A*", "sgr a"],
    ["V* R Leo", "HD 84748", "R Leo", "r leo"],
]


def made_up(number, chance):
    def some(values, most, least=0):
        return [chance.choice(values) for _ in range(chance.randint(least, most))]

    year, stem = chance.randint(2009, 2016), chance.choice(STEMS)
    volume, page = chance.randint(1, 999), chance.randint(1, 999)

    def bibcode(year):
        return f"{year}{stem:.<5}{volume:.>4}.{page:.>4}{chance.choice('ABDM')}"

    return {
        "bibcode": f"{bibcode(year)[:-2]}{number % 10}{chance.choice('ABDM')}",
        "old_bibcodes": [f"{year}arXiv{number:0>9}Z"] if chance.random() < 0.3 else [],
        "title": " ".join(some(TEXTS, 7)),
        "abstract": " ".join(some(TEXTS, 20)) if chance.random() < 0.7 else "",
        "keywords": sorted(set(some(KEYWORDS, 3))),
        "authors": some(AUTHORS, 4),
        "year": year,
        "bibstem": stem,
        "doi": f"10.1051/Test/{number}" if number % 3 else "",
        "arxiv": f"1203.{number:0>4}" if number % 2 else "",
        "tags": [(name, TAGS[name]) for name in sorted(set(some(list(TAGS), 2)))],
        "targets": [TARGETS[at] for at in sorted(set(some(range(3), 2)))],
    }


def papers(how_many=150):
    chance = random.Random(2026)
    made = [made_up(number, chance) for number in range(how_many)]
    return list({paper["bibcode"]: paper for paper in made}.values())


def store(papers):
    """Put ``papers`` into the database through the models."""
    tags = {name: TagFactory(name=name, category=CategoryFactory()) for name in TAGS}
    targets = {names[0]: TargetFactory(name=names[0]) for names in TARGETS}
    for names in TARGETS:
        models.TargetAlias.objects.get_or_create(
            key=target_key(names[1]), defaults={"target": targets[names[0]], "name": names[1]}
        )
    for paper in papers:
        row = PaperFactory(
            **{name: paper[name] for name in ("bibcode", "title", "abstract", "year", "doi", "arxiv")},
            authors=paper["authors"],
            keywords=paper["keywords"],
            tags=[tags[name] for name, _ in paper["tags"]],
        )
        for old in paper["old_bibcodes"]:
            models.Identifier.of(row, old).save()
        for names in paper["targets"]:
            models.TargetLink.objects.create(paper=row, target=targets[names[0]], kind="listed")
