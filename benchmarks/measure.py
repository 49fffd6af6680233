"""One measurement in a process of its own: `python -m benchmarks.measure pages` or `export`; prints JSON."""

import json
import os
import resource
import statistics
import sys
import time

import django

REPEATS = 30
LONGEST = 10  # seconds for one page; slow ones are asked less often, three times at least


def main(kind):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "olbin.settings")
    django.setup()
    from benchmarks.pages import EXPORT, pages

    if kind == "export":
        print(json.dumps(measure_export(EXPORT)))
    else:
        print(json.dumps([measure_page(page) for page in pages()]))


def client():
    from django.conf import settings
    from django.test import Client

    return Client(headers={"host": settings.ALLOWED_HOSTS[0]})


def ask(browser, path):
    """Seconds until the last byte of the answer."""
    start = time.perf_counter()
    answer = browser.get(path, secure=True)
    for _ in answer.streaming_content if answer.streaming else ():
        pass
    if answer.status_code != 200:
        raise SystemExit(f"{path}: status {answer.status_code}")
    return time.perf_counter() - start


def measure_page(page):
    """Median and 95th percentile in ms, and queries; the first answer compiles templates: not counted."""
    browser = client()
    queries = queries_of(browser, page.paths[0])
    paths = page.paths[1:] or page.paths
    times = []
    end = time.perf_counter() + LONGEST
    while len(times) < REPEATS and (len(times) < 3 or time.perf_counter() < end):
        times.append(1000 * ask(browser, paths[len(times) % len(paths)]))
    return {
        "name": page.name,
        "median": statistics.median(times),
        "p95": sorted(times)[max(0, round(0.95 * len(times)) - 1)],
        "queries": queries,
    }


def queries_of(browser, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask(browser, path)
    return len(captured)


def measure_export(path):
    """Rows per second, and the most memory of the process before and after, in MB."""
    browser = client()
    ask(browser, "/healthz")
    before = peak()
    start = time.perf_counter()
    lines = sum(chunk.count(b"\r\n") for chunk in browser.get(path, secure=True).streaming_content)
    seconds = time.perf_counter() - start
    return {"name": path, "rows_per_second": (lines - 1) / seconds, "before": before, "peak": peak()}


def peak():
    """Maximum resident set so far, in MB (Linux counts in KB, macOS in bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main(*sys.argv[1:])
