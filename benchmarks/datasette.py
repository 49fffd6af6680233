"""The same papers in Datasette with its facets, for comparison: one flat table, an index on what is asked."""

import csv
import importlib.util
import json
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.request

REPEATS = 5
PORT = 8397
CATEGORIES = ["MainCategory", "Facility", "Instrument"]
FACETS = "&".join(["_facet=year", "_facet=journal", *(f"_facet_array={name}" for name in CATEGORIES)])
SELECTIONS = {
    "list": "",
    "a year": "&year=2012",
    "a facility": "&Facility__arraycontains=VLTI",
}


def compare(papers, folder):
    """Print the median of each selection; a word instead when Datasette is not installed."""
    if importlib.util.find_spec("datasette") is None:
        print("Datasette: skipped (.venv/bin/pip install datasette, to compare with it)")
        return
    database = folder / "datasette.db"
    fill(database, papers)
    limits = ["sql_time_limit_ms", "facet_time_limit_ms", "facet_suggest_time_limit_ms"]
    settings = [word for limit in limits for word in ("--setting", limit, "120000")]
    server = subprocess.Popen(
        [sys.executable, "-m", "datasette", "serve", str(database), "--port", str(PORT), *settings],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait()
        for name, condition in SELECTIONS.items():
            print(f"{'Datasette, ' + name:34}{statistics.median(times(condition)):10.1f}")
    finally:
        server.terminate()
        server.wait()


def fill(database, papers):
    database.unlink(missing_ok=True)
    with sqlite3.connect(database) as connection, papers.open(newline="", encoding="utf-8") as lines:
        columns = ["bibcode", "title", "year", "journal", *CATEGORIES]
        connection.execute(f"CREATE TABLE papers ({', '.join(columns)}, PRIMARY KEY (bibcode))")
        rows = (
            [row["bibcode"], row["title"], row["year"], row["journal"], *map(array, map(row.get, CATEGORIES))]
            for row in csv.DictReader(lines)
        )
        connection.executemany(f"INSERT INTO papers VALUES ({', '.join('?' * len(columns))})", rows)
        connection.execute("CREATE INDEX papers_year ON papers (year)")
        connection.execute("CREATE INDEX papers_journal ON papers (journal)")
    connection.close()


def array(cell):
    return json.dumps([tag for tag in (cell or "").split("; ") if tag])


def wait():
    for _ in range(100):
        try:
            return ask("")
        except OSError:
            time.sleep(0.2)
    raise SystemExit("Datasette did not start")


def ask(condition):
    address = f"http://127.0.0.1:{PORT}/datasette/papers.json?_size=25&_nosuggest=1&{FACETS}{condition}"
    with urllib.request.urlopen(address, timeout=200) as answer:
        return answer.read()


def times(condition):
    """Milliseconds over HTTP, as its visitors meet it."""
    result = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        ask(condition)
        result.append(1000 * (time.perf_counter() - start))
    return result
