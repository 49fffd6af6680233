"""A page starts a job and does not wait: a worker runs it, or, without a broker, a child process."""

import subprocess
import sys

from django.conf import settings
from django.db import transaction


def start(command, *arguments, by):
    """Run a command of ours for the user ``by`` after the present transaction; its run is a row to follow."""
    arguments = [str(argument) for argument in (*arguments, "--by", by.get_username())]
    if settings.CELERY_BROKER_URL:
        from harvest.tasks import run_command

        transaction.on_commit(lambda: run_command.delay(command, arguments))
    else:
        transaction.on_commit(lambda: run_as_child(command, arguments))


def run_as_child(command, arguments):
    return subprocess.Popen(  # noqa: S603 (our own command; the arguments are no shell's)
        [sys.executable, str(settings.BASE_DIR / "manage.py"), command, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
