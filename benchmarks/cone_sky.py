"""A sky to measure cones on: ``python -m benchmarks.cone_sky 100000`` in a process with its own database."""

import os
import random
import sys
from math import asin, degrees

import django

PAPERS = 20_000
BATCH = 5000
YEAR = 2012


def main(positions):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "olbin.settings")
    django.setup()
    fill(positions)


def fill(positions, papers=PAPERS):
    """Random positions, each linked to one paper; papers with two authors and two tags."""
    from publications.models import Target, TargetLink

    papers = make_papers(papers)
    rng = random.Random(1)
    for first in range(0, positions, BATCH):
        targets = [
            Target(
                pk=number,
                name=f"T {number}",
                slug=f"t-{number}",
                ra=rng.uniform(0, 360),
                dec=declination(rng),
            )
            for number in range(first + 1, min(first + BATCH, positions) + 1)
        ]
        Target.objects.bulk_create(targets)
        TargetLink.objects.bulk_create(
            TargetLink(paper=rng.choice(papers), target=target, kind="listed") for target in targets
        )


def place(rng):
    """(ra, dec) of a point of the sphere, all of them equally likely."""
    return rng.uniform(0, 360), declination(rng)


def declination(rng):
    return degrees(asin(rng.uniform(-1, 1)))


def make_papers(count):
    from publications.models import Authorship, Journal, Paper, TagAssignment

    journal = Journal.objects.create(bibstem="A&A")
    papers = []
    for number in range(count):
        bibcode = f"{YEAR}A&A..{number // 10_000:.>4}A{number % 10_000:.>4}X"
        paper = Paper(
            pk=number + 1,
            bibcode=bibcode,
            title=f"Paper {number}",
            year=YEAR,
            journal=journal,
            citations=number % 90,
        )
        paper.derive()
        papers.append(paper)
    Paper.objects.bulk_create(papers, batch_size=BATCH)
    rng = random.Random(2)
    authors, tags = make_authors(), make_tags()
    Authorship.objects.bulk_create(
        [Authorship(paper=p, author=rng.choice(authors), position=k) for p in papers for k in (1, 2)],
        batch_size=BATCH,
    )
    TagAssignment.objects.bulk_create(
        [TagAssignment(paper=p, tag=t) for p in papers for t in rng.sample(tags, 2)], batch_size=BATCH
    )
    return papers


def make_authors():
    from publications.models import Author

    authors = [Author.spelled(f"Author{number}, A.") for number in range(500)]
    for author in authors:
        author.save()
    return authors


def make_tags():
    from publications.models import Category, Tag

    return [
        Tag.objects.create(name=f"{name} {number}", category=category)
        for name in ("Facility", "Instrument", "Topic")
        for category in [Category.objects.create(name=name)]
        for number in range(20)
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]))
