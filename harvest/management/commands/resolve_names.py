from django.core.management.base import BaseCommand, CommandError

from harvest.names import answer_waiting
from harvest.simbad import VISITORS, Simbad, SimbadUnavailable


class Command(BaseCommand):
    help = (
        "Ask SIMBAD for the names that visitors wait for on the pages of targets. "
        "The pages start it themselves; SIMBAD's address is SIMBAD_TAP_URL."
    )

    def handle(self, **options):
        try:
            answered = answer_waiting(Simbad.from_settings(**VISITORS))
        except SimbadUnavailable as error:
            raise CommandError(f"{error}. Those who wait are told so.") from error
        self.stdout.write(f"{answered} names answered")
