"""The cache that processes share: counted in one step, and done without while it is away."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.core.cache import caches
from django.test import override_settings

from olbin import environment
from olbin.cache import Client
from publications.limits import counted
from tests.harvest.site import free_port, own_redis


@pytest.fixture(autouse=True)
def _asked_at_once(monkeypatch):
    monkeypatch.setattr(Client, "asked_again_at", 0.0)


def using(url):
    return override_settings(CACHES={"default": environment.cache(url)})


@pytest.fixture
def silent():
    """The port of a server that takes connections and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def test_parallel_counts_are_all_counted(tmp_path):
    with own_redis(tmp_path) as redis:
        if redis is None:
            pytest.skip("no redis-server on this machine")
        with using(redis), ThreadPoolExecutor(8) as pool:
            numbers = list(pool.map(lambda _: counted("visits", 60), range(400)))
            assert sorted(numbers) == list(range(1, 401))


@pytest.mark.parametrize("server", ["away", "silent"])
@pytest.mark.django_db
def test_pages_go_on_without_a_cache(client, silent, server, caplog):
    port = silent if server == "silent" else free_port()
    with using(f"rediscache://127.0.0.1:{port}/0"):
        begin = time.monotonic()
        answers = {
            path: client.get(path).status_code for path in ("/", "/papers/", "/api/papers/", "/plots/pie.svg")
        }
        assert set(answers.values()) == {200}
        # It is not waited for again and again.
        assert len([record for record in caplog.records if "cache" in record.message]) == 1
        assert time.monotonic() - begin < 30
        assert "cache: does not answer" in client.get("/readyz").text


def test_each_operation_has_an_answer_without_a_cache():
    with using(f"rediscache://127.0.0.1:{free_port()}/0"):
        cache = caches["default"]
        assert cache.get("a", "nothing") == "nothing"
        assert cache.get_or_set("a", 3) == 3
        assert (cache.add("a", 1), cache.incr("a"), cache.touch("a"), cache.delete("a"), "a" in cache) == (
            True, 1, False, False, False,
        )  # fmt: skip
        assert (cache.set_many({"a": 1}), cache.get_many(["a"]), cache.delete_many(["a"])) == ([], {}, None)
        cache.set("a", 1)
        cache.clear()
        assert counted("visits", 60) == 1
