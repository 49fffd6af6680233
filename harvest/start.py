"""A page starts a job and does not wait: a worker runs it, or, without a broker, a child process."""

import subprocess
import sys

from django.conf import settings
from django.core.management import load_command_class
from django.db import transaction
from kombu.exceptions import OperationalError

from harvest.models import HarvestRun

# Seconds to wait for a broker.
PATIENCE = 2


def start(command, *arguments, by):
    """Run a command of ours for the user ``by`` after the present transaction.

    Returns its `HarvestRun`, which waits until the job begins: a page follows it from now on.
    """
    run = HarvestRun.objects.create(
        job=load_command_class("harvest", command).job, by=by, status=HarvestRun.Status.WAITING
    )

    def refused(reason):
        run.errors.append(reason)
        run.finish(HarvestRun.Status.FAILED)

    launch(command, [f"--by={by.get_username()}", f"--run={run.pk}", *map(str, arguments)], refused)
    return run


def launch(command, arguments, refused):
    """Run a command after the present transaction; ``refused(reason)`` is called when nobody takes it."""
    begin = hand_to_a_worker if settings.CELERY_BROKER_URL else run_as_child
    transaction.on_commit(lambda: begin(command, arguments, refused))


def hand_to_a_worker(command, arguments, refused):
    from harvest.tasks import run_command

    # Somebody looks at the page that asks.
    patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    broker = run_command.app.connection_for_write(connect_timeout=PATIENCE, transport_options=patience)
    try:
        with broker:
            run_command.apply_async((command, arguments), retry=False, connection=broker)
    except (OperationalError, *broker.connection_errors, *broker.channel_errors):
        refused("the broker does not answer, so that no worker hears of it: start it again later")


def run_as_child(command, arguments, refused):
    subprocess.Popen(  # noqa: S603 (our own command; the arguments are no shell's)
        [sys.executable, str(settings.BASE_DIR / "manage.py"), command, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
