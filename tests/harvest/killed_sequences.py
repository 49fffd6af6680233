"""``python -m tests.harvest.killed_sequences 1000``: random sequences in which syncs are killed by SIGKILL.

Works on a SQLite database of its own, or on DATABASE_URL, which it empties.
"""

import os
import subprocess
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
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.stateful import run_state_machine_as_test

    from harvest.models import BlocklistEntry, HarvestRun
    from publications.models import Journal, Library, Paper, Tag, TagAssignment
    from tests.harvest.sequences import LIBRARIES, Sequence
    from tests.harvest.site import ROOT, kill

    logging.disable(logging.WARNING)

    class CutByKill(Sequence):
        killed = 0

        def __init__(self):
            for model in (TagAssignment, Library, Paper, Journal, Tag, BlocklistEntry, HarvestRun):
                model.objects.all().delete()
            super().__init__()
            site.ADS_API_URL = self.sandbox.url

        def cut(self, kind, path, call):
            """Kill the process as soon as the call was made: its answer may be on the way, or not."""
            before = len(self.sandbox.calls)
            only = [argument for name in sorted(LIBRARIES) for argument in ("--only", name)]
            process = subprocess.Popen(
                [sys.executable, "manage.py", "sync_libraries", *only],
                cwd=ROOT,
                env={**os.environ, "ADS_API_URL": self.sandbox.url},
                stderr=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
            while process.poll() is None and self.reached(before, path) <= call:
                time.sleep(0.0005)
            CutByKill.killed += process.poll() is None
            kill(process)

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
