"""A random selection holds exactly what a scan of the CSV of everything finds, in its order."""

import csv
import io
import random

import pytest

from tests.factories import CategoryFactory, JournalFactory, PaperFactory, TagFactory

CATEGORIES = {"MainCategory": ["Results", "Instrumentation"], "Facility": ["VLTI", "CHARA", "NPOI"]}


@pytest.fixture
def everything(client, db):
    """The rows of the whole CSV of 80 random papers."""
    chance = random.Random(20120101)
    tags = [
        TagFactory(name=name, category=CategoryFactory(name=category, position=place), position=n)
        for place, (category, names) in enumerate(CATEGORIES.items())
        for n, name in enumerate(names)
    ]
    for n in range(80):
        year = chance.randint(1998, 2006)
        bibstem = chance.choice(["A&A", "ApJ", "AJ"])
        PaperFactory(
            bibcode=f"{year}{bibstem:.<5}{chance.randint(1, 400):.>4}{n:.>5}{chance.choice('ABC')}",
            journal=JournalFactory(bibstem=bibstem),
            title=chance.choice(["", "A star", "Éta Carinae", "Zeta of it"]),
            pubdate=chance.choice([None, f"{year}-{chance.randint(0, 12):02d}-00"]),
            refereed=chance.choice([True, False, None]),
            citations=chance.choice([None, 0, 3, 50]),
            added=f"2026-0{chance.randint(1, 4)}-{chance.randint(1, 28):02d}T12:00Z",
            authors=chance.sample(
                ["Mérand, A.", "van Belle, G.", "Ábel, Z.", "O'Neill, C."], chance.randint(0, 3)
            ),
            tags=chance.sample(tags, chance.randint(0, 4)),
        )
    return list(rows_of(client, ""))


def rows_of(client, query):
    response = client.get(f"/papers.csv?{query}")
    text = b"".join(response.streaming_content).decode()
    return csv.DictReader(io.StringIO(text, newline=""))


def random_selection(chance):
    """(query string, test of a CSV row), each parameter on its own chance."""
    parts, tests = [], []
    slug = {name: name.lower() for names in CATEGORIES.values() for name in names}

    def tags_of(row):
        return {tag for category in CATEGORIES for tag in row[category].split("; ") if tag}

    if chance.random() < 0.6:
        first, last = sorted((chance.randint(1997, 2007), chance.randint(1997, 2007)))
        shape = chance.choice(["{0}", "{0}-{1}", "{0}-", "-{1}"])
        parts.append("year=" + shape.format(first, last))
        low = 0 if shape == "-{1}" else first
        high = {"{0}": first, "{0}-": 9999}.get(shape, last)
        tests.append(lambda row: low <= int(row["year"]) <= high)
    if chance.random() < 0.6:
        wanted = chance.sample(sorted(slug), chance.randint(1, 3))
        joined = chance.choice([all, any])
        parts += [f"tag={slug[name]}" for name in wanted]
        parts += ["op=or"] if joined is any else chance.choice([[], ["op=and"]])
        tests.append(lambda row: joined(name in tags_of(row) for name in wanted))
    if chance.random() < 0.4:
        unwanted = chance.sample(sorted(slug), chance.randint(1, 2))
        parts += [f"not={slug[name]}" for name in unwanted]
        tests.append(lambda row: not tags_of(row) & set(unwanted))
    if chance.random() < 0.3:
        word = chance.choice(["yes", "no"])
        parts.append(f"refereed={word}")
        tests.append(lambda row: row["refereed"] == {"yes": "true", "no": "false"}[word])
    if chance.random() < 0.3:
        bibstem = chance.choice(["A&A", "ApJ"])
        parts.append("journal=" + bibstem.replace("&", "%26"))
        tests.append(lambda row: row["journal"] == bibstem)
    if chance.random() < 0.3:
        first, last = sorted(f"2026-0{chance.randint(1, 4)}-{chance.randint(1, 28):02d}" for _ in "ab")
        shape = chance.choice(["{0}/{1}", "{0}/", "/{1}"])
        parts.append("added=" + shape.format(first, last))
        since, until = ("" if shape == "/{1}" else first), ("9" if shape == "{0}/" else last)
        tests.append(lambda row: since <= row["added"] <= until)
    return "&".join(parts), lambda row: all(test(row) for test in tests)


FOLDED = {"": "~", "A star": "a star", "Éta Carinae": "eta carinae", "Zeta of it": "zeta of it"}
FIRST = {
    "": "~",
    "Mérand, A.": "merand a",
    "van Belle, G.": "van belle g",
    "Ábel, Z.": "abel z",
    "O'Neill, C.": "o neill c",
}


def descending(text):
    return [-ord(character) for character in text]


SORTS = {
    "-date": lambda row: descending(row["pubdate"] or row["year"] + "-00-00"),
    "date": lambda row: row["pubdate"] or row["year"] + "-00-00",
    "-citations": lambda row: -int(row["citations"] or -1),
    "author": lambda row: FIRST[row["authors"].split("; ")[0]],
    "title": lambda row: FOLDED[row["title"]],
    "-added": lambda row: descending(row["added"]),
}


def test_fifty_random_selections_agree_with_a_scan_of_the_csv(client, everything):
    chance = random.Random(1868)  # the year of Fizeau's proposal
    sizes = []
    for _ in range(50):
        query, wanted = random_selection(chance)
        order = chance.choice(sorted(SORTS))
        expected = [row for row in everything if wanted(row)]

        assert [row["bibcode"] for row in rows_of(client, f"{query}&sort={order}")] == [
            row["bibcode"] for row in expected
        ], query

        response = client.get(f"/papers/?{query}&sort={order}&per_page=200")
        assert response.status_code == 200, response.content.decode()
        page = response.context
        ordered = sorted(expected, key=lambda row: (SORTS[order](row), row["bibcode"]))
        assert page["page"].paginator.count == len(expected)
        assert [paper.bibcode for paper in page["page"]] == [row["bibcode"] for row in ordered], (
            query,
            order,
        )
        shown = {value.label: value.n for facet in page["facets"] for value in facet.values if facet.css}
        counted = {
            name: sum(name in row[category].split("; ") for row in expected)
            for category, names in CATEGORIES.items()
            for name in names
        }
        chosen = {name for name in counted if f"tag={name.lower()}" in query}
        assert shown == {name: n for name, n in counted.items() if n or name in chosen}, query
        sizes.append(len(expected))
    assert len(set(sizes)) > 10, "the selections are too much alike to tell anything"
