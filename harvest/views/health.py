"""``/readyz``: whether this process can serve, and what an operator should know besides."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from harvest import health


@require_safe
def readyz(request):
    """503 when the database does not answer, or a migration or the static files are missing.

    The rest is reported, never fatal.
    """
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            return answer(503, f"{len(missing)} migrations are missing")
        if health.lacks_static_files():
            return answer(503, "static files are missing: run collectstatic and start again")
        services = [("broker", health.broker()), ("cache", health.cache())]
        lines = [f"{what}: {how}" for what, how in [*services, *health.last_runs()]]
    except DatabaseError:
        return answer(503, "the database does not answer")
    return answer(200, "ready", *lines)


def answer(status, *lines):
    return HttpResponse("\n".join([*lines, ""]), status=status, content_type="text/plain; charset=utf-8")
