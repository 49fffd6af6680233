"""What the commands of the jobs share: who started it, clear errors, a summary."""

import argparse
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db.models.signals import post_save
from tqdm import tqdm

from harvest.ads.errors import AdsError
from harvest.jobs import AlreadyRunning, ads_client, asked_for
from harvest.locks import CannotLock
from harvest.models import HarvestRun
from harvest.rules import BrokenRule

# What a person can act on without reading a traceback.
CLEAR = (AdsError, AlreadyRunning, BrokenRule, CannotLock, ImproperlyConfigured)


@contextmanager
def progress_bar(on_terminal):
    """Show on a terminal what a run says of its progress."""
    if not on_terminal:
        yield
        return
    with tqdm(bar_format="{desc} {n_fmt}/{total_fmt} {elapsed}", total=0) as bar:

        def show(sender, instance, **kwargs):
            bar.total, bar.n = instance.total, instance.done
            bar.set_description_str(instance.step)

        post_save.connect(show, sender=HarvestRun)
        try:
            yield
        finally:
            post_save.disconnect(show, sender=HarvestRun)


class JobCommand(BaseCommand):
    """A command that runs one ``job``: ``run(client, by, **options)`` returns its `HarvestRun`."""

    job = None
    # What the job asks, for the summary.
    service = "ADS"

    def client(self, by):
        """The client that the job gets; one who waits for it may use what is left of the quotas."""
        return ads_client(background=by is None)

    def add_arguments(self, parser):
        parser.add_argument("--by", metavar="USERNAME", help="the person for whom it runs")
        parser.add_argument("--run", type=int, help=argparse.SUPPRESS)

    def handle(self, *args, run, **options):
        with asked_for(run):
            self.do(**options)

    def do(self, by, **options):
        by = self.person(by)
        try:
            with progress_bar(self.stderr.isatty()):
                run = self.run(self.client(by), by, **options)
        except CLEAR as error:
            raise CommandError(str(error)) from error
        for line in [*run.messages, *run.errors]:
            self.stderr.write(line)
        self.summarise(run)

    def summarise(self, run):
        calls = sum(run.calls.values())
        self.stdout.write(
            f"{run.found} found, {run.new} new, {run.changed} changed; {calls} calls to {self.service}"
        )

    def person(self, username):
        if not username:
            return None
        person = get_user_model().objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"--by: there is no user {username!r}")
        return person
