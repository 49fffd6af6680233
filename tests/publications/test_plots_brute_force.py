"""Every number of a figure is what a loop over the papers finds; its link selects exactly those papers."""

import csv
import io
import random
import re
import statistics
from collections import Counter
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.http import QueryDict

from publications.filters import PaperFilterSet
from publications.models import Paper, TargetLink
from tests.factories import (
    CategoryFactory,
    JournalFactory,
    PaperFactory,
    TagFactory,
    TargetFactory,
)

CATEGORIES = {
    "MainCategory": ["Results", "Instrumentation"],
    "Facility": ["VLTI", "CHARA", "NPOI", "Keck", "SUSI", "IOTA", "PTI"],
}
AUTHORS = ["Mérand, A.", "Mérand, Antoine", "van Belle, G.", "Perrin, G.", "GRAVITY Collaboration"]
AUTHORED = ["author", "first-author"]
HREF = "{http://www.w3.org/2000/svg}"


def random_paper(chance, number, tags):
    year, bibstem = chance.randint(1998, 2006), chance.choice(["A&A", "ApJ", "AJ"])
    return PaperFactory(
        bibcode=f"{year}{bibstem:.<5}{chance.randint(1, 400):.>4}{number:.>5}{chance.choice('ABC')}",
        journal=JournalFactory(bibstem=bibstem),
        refereed=chance.choice([True, False, None]),
        citations=chance.choice([None, 0, 3, 3, 8, 50]),
        added=f"2026-0{chance.randint(1, 4)}-{chance.randint(1, 28):02d}T12:00Z",
        authors=chance.sample(AUTHORS, chance.randint(0, 3)),
        tags=chance.sample(tags, chance.randint(0, 4)),
        keywords=chance.sample(["stars", "Stars", "techniques", "binaries"], chance.randint(0, 2)),
    )


@pytest.fixture
def rows(db):
    """70 random papers as plain dictionaries, read from the models one by one."""
    chance = random.Random(1891)  # the year of Michelson's satellites of Jupiter
    tags = [
        TagFactory(name=name, category=CategoryFactory(name=category, position=place), position=n)
        for place, (category, names) in enumerate(CATEGORIES.items())
        for n, name in enumerate(names)
    ]
    targets = [TargetFactory(ra=chance.random() * 360, dec=chance.uniform(-90, 90)) for _ in range(6)]
    targets.append(TargetFactory(ra=None, dec=None))
    for number in range(70):
        paper = random_paper(chance, number, tags)
        for target in chance.sample(targets, chance.randint(0, 2)):
            TargetLink.objects.create(paper=paper, target=target, kind="named")
    return [row_of(paper) for paper in Paper.objects.all()]


def row_of(paper):
    names = {category.lower(): set() for category in CATEGORIES}
    for tag in paper.tags.all():
        names[tag.category.name.lower()].add(tag.name)
    return {
        **names,
        "year": str(paper.year),
        "journal": paper.journal.bibstem,
        "refereed": {True: "true", False: "false", None: ""}[paper.refereed],
        "citations": paper.citations,
        "added": paper.added.date().isoformat(),
        "keyword": {keyword.name.casefold() for keyword in paper.keywords.all()},
        "author": {a.author.name for a in paper.authorships.all()},
        "first-author": {a.author.name for a in paper.authorships.all() if a.position == 1},
        "targets": {link.target.name for link in paper.target_links.all() if link.target.ra is not None},
        "nowhere": {link.target.name for link in paper.target_links.all() if link.target.ra is None},
    }


def values_of(row, by):
    """The set of what a paper has of a dimension; "tags" are those of all categories."""
    if by == "":
        return {"papers"}
    if by == "tags":
        return row["facility"] | row["maincategory"]
    if by == "journal":
        return {row["journal"]}
    if by == "refereed":
        return {{"true": "refereed", "false": "not refereed", "": "not known"}[row["refereed"]]}
    return row[by]


def is_in(row, label, labels, by):
    """Whether the group called ``label``, one of ``labels``, holds the paper."""
    found = values_of(row, by)
    if label.startswith("other "):
        return bool(found - labels)
    if label in ("untagged", "no author known", "no keyword"):
        return not found
    if label == "none of these":
        return not found & labels
    return label in found


def random_selection(chance):
    """(query string, test of a row), each parameter on its own chance."""
    parts, tests = [], []
    tags = [name for names in CATEGORIES.values() for name in names[:3]]
    if chance.random() < 0.5:
        first, last = sorted((chance.randint(1997, 2007), chance.randint(1997, 2007)))
        parts.append(chance.choice([f"year={first}-{last}", f"year={first}-{last}&sort=title&page=1"]))
        tests.append(lambda row: first <= int(row["year"]) <= last)
    if chance.random() < 0.5:
        wanted = set(chance.sample(tags, chance.randint(1, 2)))
        joined = chance.choice(["and", "or"])
        parts += [f"tag={name.lower()}" for name in wanted] + [f"op={joined}"]
        how = any if joined == "or" else all
        tests.append(lambda row: how(name in row["facility"] | row["maincategory"] for name in wanted))
    if chance.random() < 0.3:
        unwanted = chance.choice(tags)
        parts.append(f"not={unwanted.lower()}")
        tests.append(lambda row: unwanted not in row["facility"] | row["maincategory"])
    if chance.random() < 0.2:
        category = chance.choice(list(CATEGORIES))
        parts.append(f"untagged={category}")
        tests.append(lambda row: not row[category.lower()])
    if chance.random() < 0.3:
        word = chance.choice(["yes", "no"])
        parts.append(f"refereed={word}")
        tests.append(lambda row: row["refereed"] == {"yes": "true", "no": "false"}[word])
    if chance.random() < 0.2:
        parts.append("journal=A%26A")
        tests.append(lambda row: row["journal"] == "A&A")
    if chance.random() < 0.2:
        day = f"2026-0{chance.randint(1, 4)}-15"
        parts.append(f"added={day}/")
        tests.append(lambda row: day <= row["added"])
    return "&".join(parts), lambda row: all(test(row) for test in tests)


def selections(rows):
    """50 random selections: (query string, their rows)."""
    chance = random.Random(1920)  # the year of Betelgeuse's diameter
    for _ in range(50):
        query, wanted = random_selection(chance)
        yield query, [row for row in rows if wanted(row)], chance


def table(client, kind, query, **own):
    """(heads, {label: [numbers]}) of the figure's CSV."""
    asked = "&".join([query, *(f"{name}={value}" for name, value in own.items())])
    response = client.get(f"/plots/{kind}.csv?{asked}")
    assert response.status_code == 200, response.content
    heads, *lines = csv.reader(io.StringIO(response.content.decode(), newline=""))
    return heads, {line[0]: [float(cell) for cell in line[1:]] for line in lines}


def check_links(client, kind, query, **own):
    """Each number on the page that is a link leads to as many papers; → how many links there are."""
    asked = "&".join([f"figure={kind}", query, *(f"{name}={value}" for name, value in own.items())])
    plot = client.get(f"/plots/?{asked}").context["plot"]
    links = 0
    for group, cells in plot.plot.numbers.table.rows:
        for cell in cells:
            address = plot.address(cell.where) if cell.n else None
            if address:
                links += 1
                found = PaperFilterSet(QueryDict(urlsplit(address).query))
                assert found.papers.count() == cell.n, (query, own, group.label, address)
    return links


def test_histograms_agree_with_a_loop_over_the_papers(client, rows):
    links = 0
    for query, found, chance in selections(rows):
        by = chance.choice(["facility", "maincategory", "journal", "refereed", "tags", ""])
        own = {"mode": chance.choice(["absolute", "share", "cumulative"]), "style": "side"}
        chosen = chance.sample([name for names in CATEGORIES.values() for name in names], 3)
        if by == "tags":
            query += "".join(f"&tags={name.lower()}" for name in chosen)
        elif by:
            own |= {"by": by, "show": chance.choice([2, 3, 40]), "minimum": chance.choice([1, 4])}
        heads, lines = table(client, "histogram", query, **own)
        if own["mode"] == "share":
            heads = [head.removesuffix(" (%)") for head in heads]
        groups = heads[2:] if by else heads[1:]
        years = Counter(row["year"] for row in found)
        if own["mode"] != "cumulative":
            assert list(lines) == sorted(years), query
        for year, numbers in lines.items():
            until = own["mode"] == "cumulative"
            now = [row for row in found if row["year"] == year or (until and row["year"] < year)]
            expected = [sum(is_in(row, label, set(heads), by) for row in now) for label in groups]
            if own["mode"] == "share":
                expected = [100 * n / len(now) for n in expected]
            # The first column is what the line shows: each paper once.
            expected = [len(now), *expected] if by else expected
            assert numbers == pytest.approx(expected, abs=0.005001), (query, own, year)
        if "by" in own:
            counts = Counter(value for row in found for value in values_of(row, by))
            shown = [counts[label] for label in groups if label in counts]
            assert shown == [n for _, n in counts.most_common(own["show"]) if n >= own["minimum"]]
        elif by:
            assert groups[:3] == chosen
        links += check_links(client, "histogram", query, **own)
    assert links > 500


def test_pies_and_ranked_bars_agree_with_a_loop_over_the_papers(client, rows):
    links = 0
    for query, found, chance in selections(rows):
        by = chance.choice(
            ["facility", "maincategory", "journal", "refereed", *AUTHORED, *AUTHORED, "keyword"]
        )
        own = {"by": by, "show": chance.choice([2, 3, 40]), "style": chance.choice(["pie", "bars"])}
        divide = chance.choice(["papers", "assignments", None])
        if divide:
            own["divide"] = divide
        elif own["style"] == "bars" or by == "author":
            divide = "assignments"
        if by in AUTHORED:
            own["collaborations"] = chance.choice(["yes", "no"])
        heads, lines = table(client, "pie", query, **own)
        assert heads[1] == (divide or "papers")
        numbers = {label.casefold(): int(n) for label, (n,) in lines.items()}
        labels = set(numbers)
        expected = Counter()
        for row in found:
            values = {value.casefold() for value in values_of(row, by)}
            if own.get("collaborations") == "no":
                values.discard("gravity collaboration")
            names = [value if value in labels else other(labels) for value in sorted(values)]
            if not values:
                expected[next(label for label in labels if label.startswith(("untagged", "no ")))] += 1
            elif divide == "assignments":
                expected.update(names)
            else:
                expected["several" if len(values) > 1 else names[0]] += 1
        assert numbers == expected, (query, own)
        caption = client.get(f"/plots/?figure=pie&{query}&by={by}").context["plot"].caption
        said = f"{sum(len(values_of(row, by)) for row in found)} assignments of"
        assert said in caption
        assert f" to {len(found)} paper" in caption
        links += check_links(client, "pie", query, **own)
    assert links > 50


def other(labels):
    return next((label for label in labels if label.startswith("other ")), "other")


def test_heat_maps_agree_with_a_loop_over_the_papers(client, rows):
    for query, found, chance in selections(rows):
        x, y = chance.sample(["year", "facility", "maincategory", "journal", "refereed", "keyword"], 2)
        own = {"x": x, "y": y, "show": 4, "minimum": chance.choice([1, 5])}
        heads, lines = table(client, "heatmap", query, **own)
        xs, ys = set(heads[1:]), set(lines)

        def member(row, label, labels, by):
            if by == "year":
                return row["year"] == label
            if by == "keyword":
                label, labels = label.casefold(), {label.casefold() for label in labels}
            return is_in(row, label, labels, by)

        for label, numbers in lines.items():
            expected = [
                sum(member(row, label, ys, y) and member(row, head, xs, x) for row in found)
                for head in heads[1:]
            ]
            assert numbers == expected, (query, x, y, label)
        for by, shown in ((x, xs), (y, ys)):
            least = 1 if by == "year" else own["minimum"]
            counts = Counter(value for row in found for value in values_of(row, by))
            assert all(counts[name] >= least for name in shown if name in counts), (query, own)
        check_links(client, "heatmap", query, **own)


def test_networks_agree_with_a_loop_over_the_papers(client, rows):
    for query, found, _ in selections(rows):
        _, lines = table(client, "network", query, by="facility", minimum=2)
        counts = Counter()
        for row in found:
            names = sorted(row["facility"])
            counts.update((name,) for name in names)
            counts.update((a, b) for a in names for b in names if a < b)
        expected = {names: n for names, n in counts.items() if len(names) == 1 or n >= 2}
        assert {tuple(sorted(label.split(" + "))): n for label, (n,) in lines.items()} == expected
        check_links(client, "network", query, by="facility", minimum=2)


def test_citations_agree_with_python_s_own_statistics(client, rows):
    for query, found, _ in selections(rows):
        _, lines = table(client, "citations", query)
        years = {}
        for row in found:
            if row["citations"] is not None:
                years.setdefault(row["year"], []).append(row["citations"])
        expected = {
            year: [len(n), *(statistics.quantiles(n, n=4, method="inclusive") if len(n) > 1 else n * 3)]
            for year, n in years.items()
        }
        assert lines == {year: pytest.approx(numbers) for year, numbers in expected.items()}
        known = [n for numbers in years.values() for n in numbers]
        h = max((h for h in range(1, len(known) + 1) if sum(n >= h for n in known) >= h), default=0)
        numbers = client.get(f"/plots/?figure=citations&{query}").context["plot"].plot.numbers
        assert (numbers.h, numbers.unknown) == (h, len(found) - len(known))
        assert numbers.median == (statistics.median(known) if known else 0)
        assert [n for _, n in numbers.most] == sorted(known, reverse=True)[:10]
        check_links(client, "citations", query)


def test_sky_maps_agree_with_a_loop_over_the_papers(client, rows):
    for query, found, _ in selections(rows):
        _, lines = table(client, "sky", query)
        expected = Counter(name for row in found for name in row["targets"])
        assert {label: n for label, (n,) in lines.items()} == expected
        plot = client.get(f"/plots/?figure=sky&{query}").context["plot"].plot
        assert plot.numbers.without_position == len(set().union(*(row["nowhere"] for row in found)))
        positioned = sum(bool(row["targets"]) for row in found)
        assert f"Positions known for {positioned} of {len(found)} papers." in plot.notes
        assert check_links(client, "sky", query) == len(expected)


def test_each_bar_of_a_picture_opens_a_list_of_as_many_papers(client, rows):
    found = 0
    for kind, own in (
        ("histogram", "by=facility&style=stacked"),
        ("histogram", "by=facility&style=side&mode=cumulative"),
        ("histogram", "by=maincategory&mode=share"),
        ("pie", "by=facility"),
        ("pie", "by=author&style=bars"),
        ("heatmap", "x=facility&y=maincategory"),
        ("network", "by=facility"),
        ("citations", ""),
        ("sky", ""),
    ):
        before = found
        picture = client.get(f"/plots/{kind}.svg?{own}&not=vlti&year=2000-2003")
        for anchor in ElementTree.fromstring(picture.content).iter(HREF + "a"):
            title = anchor.find(HREF + "title").text
            said = int(re.search(r"(\d+) (?:papers?|assignments)(?: \(|$)", title)[1])
            page = client.get(anchor.attrib["href"]).context["page"]
            assert page.paginator.count == said, (title, anchor.attrib)
            assert anchor.attrib["target"] == "_top"
            found += 1
        assert found > before, kind
    assert found > 90


def test_the_statistics_agree_with_a_loop_over_the_papers(client, rows):
    for query, found, _ in selections(rows):
        found = [row for row in found if row["refereed"] == "true" or "refereed" in query]
        context = client.get(f"/statistics/?{query}").context
        assert context["number"] == len(found)
        for section, lines in context["tables"]:
            heads, (by, _, across) = section.table.heads, section.title.partition(" × ")
            lines = [(label, [int(text) for text, _ in cells]) for label, cells in lines]
            labels = {label for label, _ in lines} | set(heads[1:])
            by, (across, _, only) = by.lower(), across.lower().partition(": ")
            mine = [row for row in found if not only or only in {n.lower() for n in row["maincategory"]}]
            for label, numbers in lines:
                here = [row for row in mine if in_line(row, label, labels, by)]
                expected = [sum(in_line(row, head, labels, across) for row in here) for head in heads[1:]]
                assert numbers == expected, (query, section.title, label)


def in_line(row, label, labels, by):
    """Whether a line, or a column, of the statistics counts the paper."""
    if label.startswith("papers"):
        return True
    if by == "year":
        before, year = label.startswith("before "), int(re.search(r"\d{4}", label)[0])
        return int(row["year"]) < year if before else int(row["year"]) == year
    return is_in(row, label, labels, by)


def test_the_statistics_of_the_api_agree_with_a_loop_over_the_papers(client, rows):
    for query, found, _ in selections(rows):
        query = re.sub("&(sort|page)=[a-z0-9]+", "", query)
        answer = client.get(f"/api/statistics/?{query}").json()
        refereed = Counter(row["refereed"] for row in found)
        tags = Counter(name for row in found for name in values_of(row, "tags"))
        assert answer["papers"] == len(found)
        assert list(answer["refereed"].values()) == [refereed[word] for word in ("true", "false", "")]
        assert {each["year"]: each["papers"] for each in answer["years"]} == Counter(
            int(row["year"]) for row in found
        )
        assert {each["bibstem"]: each["papers"] for each in answer["journals"]} == Counter(
            row["journal"] for row in found
        )
        assert {each["name"]: each["papers"] for each in answer["tags"]} == tags
