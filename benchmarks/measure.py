"""One measurement in a process of its own; prints JSON.

``python -m benchmarks.measure pages``, ``desk``, ``figures`` or ``export csv``.
"""

import json
import os
import resource
import statistics
import sys
import time

import django

REPEATS = 30
LONGEST = 10  # seconds for one page; slow ones are asked less often, three times at least


def main(kind, *of):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "olbin.settings")
    django.setup()
    from benchmarks import pages

    measured = {
        "pages": lambda: [measure_page(page) for page in pages.pages()],
        "desk": lambda: [measure_page(page, curator()) for page in pages.desk()],
        "figures": lambda: [measure_figure(name, path) for name, path in pages.FIGURES.items()],
        "export": lambda: measure_export(*of),
    }
    print(json.dumps(measured[kind]()))


def client():
    from django.conf import settings
    from django.test import Client

    return Client(headers={"host": settings.ALLOWED_HOSTS[0]})


def curator():
    """A client that is signed in."""
    from django.contrib.auth.models import User

    browser = client()
    browser.force_login(User.objects.get(username="curator"))
    return browser


def ask(browser, path, **headers):
    """Seconds until the last byte of the answer, that of a redirect included, and the answer."""
    start = time.perf_counter()
    answer = browser.get(path, secure=True, headers=headers, follow=True)
    for _ in answer.streaming_content if answer.streaming else ():
        pass
    seconds = time.perf_counter() - start
    if answer.status_code != (304 if "if-none-match" in headers else 200):
        raise SystemExit(f"{path}: status {answer.status_code}")
    return seconds, answer


def repeated(act, least=3):
    """Milliseconds that ``act(n)`` gives, for n = 0, 1, …"""
    times = []
    end = time.perf_counter() + LONGEST
    while len(times) < REPEATS and (len(times) < least or time.perf_counter() < end):
        times.append(1000 * act(len(times)))
    return times


def measure_page(page, browser=None):
    """Median and 95th percentile in ms, and queries; the first answer compiles templates: not counted."""
    browser = browser or client()
    headers = {"hx-request": "true"} if page.script else {}
    queries, first = queries_of(browser, page.paths[0], headers)
    paths = page.paths[1:] or page.paths
    if page.unchanged:
        headers["if-none-match"] = first["ETag"]
    times = repeated(lambda n: ask(browser, paths[n % len(paths)], **headers)[0])
    return {
        "name": page.name,
        "median": statistics.median(times),
        "p95": sorted(times)[max(0, round(0.95 * len(times)) - 1)],
        "queries": queries,
    }


def queries_of(browser, path, headers):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        _, answer = ask(browser, path, **headers)
    return len(captured), answer


def measure_figure(name, path):
    """Medians in ms: after a change of the data; asked for the first time; kept from before."""
    browser = client()
    ask(browser, path)
    return {"name": name} | {
        state: statistics.median(repeated(lambda n, before=before: before() or ask(browser, path)[0]))
        for state, before in (("changed", change), ("cold", forget), ("warm", lambda: None))
    }


def change():
    """Write something, so that all that is kept by the state of the data is made anew."""
    from publications.models import Paper

    Paper.objects.filter(pk=Paper.objects.values("pk")[:1]).update(citations_on=None)


def forget():
    from django.core.cache import cache

    cache.clear()


def measure_export(extension="csv"):
    """Rows per second, and the most memory of the process before and after, in MB."""
    browser = client()
    ask(browser, "/healthz")
    before = peak()
    seconds, answer = ask(browser, f"/papers.{extension}")
    return {
        "name": extension,
        "rows_per_second": int(answer["X-Total-Count"]) / seconds,
        "before": before,
        "peak": peak(),
    }


def peak():
    """Maximum resident set so far, in MB (Linux counts in KB, macOS in bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main(*sys.argv[1:])
