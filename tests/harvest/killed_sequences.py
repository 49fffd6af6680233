"""``python -m tests.harvest.killed_sequences 1000``: random sequences in which syncs are killed by SIGKILL.

Each of these syncs is a process of its own, forked, because starting Python takes longer than a sync.
Works on a SQLite database of its own, or on DATABASE_URL, which it empties.
"""

import contextlib
import os
import signal
import sys
import tempfile
import time
from pathlib import Path


def prepare():
    folder = tempfile.mkdtemp(prefix="olbin-")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/sequences.sqlite3")
    os.environ.update(DEBUG="1", DATA_DIR=folder, DJANGO_SETTINGS_MODULE="olbin.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def run(sequences):
    import logging

    from django.conf import settings as site
    from django.db import connections
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.stateful import run_state_machine_as_test

    from harvest import library_sync
    from harvest.ads.errors import AdsError
    from harvest.jobs import ads_client
    from harvest.library_sync import Options
    from harvest.models import BlocklistEntry, HarvestRun
    from publications.models import Journal, Library, Paper, Tag, TagAssignment
    from tests.harvest.sequences import LIBRARIES, Sequence

    logging.disable(logging.WARNING)

    def sync_and_exit():
        status = 1
        try:
            with contextlib.suppress(AdsError):
                library_sync.sync_libraries(ads_client(), options=Options(only=LIBRARIES))
            status = 0
        finally:
            os._exit(status)

    class CutByKill(Sequence):
        played = killed = 0

        def __init__(self):
            for model in (TagAssignment, Library, Paper, Journal, Tag, BlocklistEntry, HarvestRun):
                model.objects.all().delete()
            super().__init__()
            site.ADS_API_URL = self.sandbox.url
            CutByKill.played += 1
            if CutByKill.played % 100 == 0:
                print(f"{CutByKill.played} of {sequences}, {CutByKill.killed} syncs killed", flush=True)

        def cut(self, kind, path, call):
            """Kill the process as soon as the call was made: its answer may be on the way, or not."""
            before = len(self.sandbox.calls)
            connections.close_all()
            process = os.fork()
            if process == 0:
                sync_and_exit()
            while True:
                ended, status = os.waitpid(process, os.WNOHANG)
                if ended or self.reached(before, path) > call:
                    break
                time.sleep(0.0005)
            assert status == 0
            if not ended:
                CutByKill.killed += 1
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)

        def reached(self, before, path):
            return sum(path in call[1] for call in self.sandbox.calls[before:])

    run_state_machine_as_test(
        CutByKill,
        settings=settings(
            max_examples=sequences, stateful_step_count=25, deadline=None, database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    print(f"{sequences} sequences, {CutByKill.killed} syncs killed: database and ADS agreed after each")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    prepare()
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
