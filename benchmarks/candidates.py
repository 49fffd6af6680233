"""Candidates for the desk: ``python -m benchmarks.candidates 5000`` in a process with its own database.

Beside those that wait there are decided ones, on which the rules' past and with it the ranking rest.
"""

import os
import random
import sys

import django

from benchmarks.papers import WORDS, name_of, title_of

DECIDED = 3000
BATCH = 1000


def main(pending):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "olbin.settings")
    django.setup()
    fill(pending)


def fill(pending, decided=DECIDED):
    """Candidates with abstracts, references to the papers here and citations of them, and 1 to 4 rules."""
    from django.contrib.auth.models import Group, User
    from django.utils import timezone

    from harvest.models import Candidate, SearchRule
    from publications.models import Paper

    curator = User.objects.create_user("curator", is_staff=True)
    curator.groups.add(Group.objects.get(name="curator"))
    papers = list(Paper.objects.order_by("bibcode").values_list("bibcode", flat=True))
    rules = list(SearchRule.objects.active().of_kind("facility", "second", "global").order_by("pk"))
    random_ = random.Random(2000)
    made = []
    for number in range(pending + decided):
        candidate = candidate_of(random_, number, papers)
        if number >= pending:
            candidate.status = random_.choices(["accepted", "blocked"], [2, 1])[0]
            candidate.decided_by, candidate.decided_at = curator, timezone.now()
        made.append(candidate)
    Candidate.objects.bulk_create(made, batch_size=BATCH)
    matches = Candidate.rules.through
    matches.objects.bulk_create(
        [
            matches(candidate=candidate, searchrule=rule)
            for candidate in made
            for rule in random_.sample(rules, random_.randint(1, 4))
        ],
        batch_size=BATCH,
    )
    Candidate.objects.rank()


def candidate_of(random_, number, papers):
    from harvest.models import Candidate

    year = 2000 + number % 27
    candidate = Candidate(
        bibcode=f"{year}Cand.{number // 10_000:.>4}{number % 10_000:.>5}X",
        title=title_of(random_),
        authors=[name_of(random_.randint(1, 1200)) for _ in range(random_.randint(1, 40))],
        year=year,
        journal="Journal of candidates",
        abstract=" ".join(random_.choices(WORDS, k=200)),
        refereed=True,
    )
    candidate.weigh(
        {
            "references": random_.sample(papers, random_.randint(0, 15)) if random_.random() < 0.8 else None,
            "citations": random_.sample(papers, random_.randint(0, 3)),
            "words": random_.sample(["VLTI", "CHARA", "interferometry"], random_.randint(0, 2)),
            "nearest": [
                {"bibcode": bibcode, "tags": [], "likeness": round(random_.random(), 2)}
                for bibcode in random_.sample(papers, 3)
            ],
        }
    )
    return candidate


if __name__ == "__main__":
    main(int(sys.argv[1]))
