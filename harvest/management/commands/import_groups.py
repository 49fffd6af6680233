from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from harvest.groups import BrokenGroups, import_groups, read_groups


class Command(BaseCommand):
    help = (
        "Import JMMC's software groups from its XML file: own papers and names of each, and a search rule. "
        "Repeated, it updates them."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            groups = read_groups(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except BrokenGroups as error:
            raise CommandError(f"{file}: {error}") from error
        import_groups(groups)
        self.stdout.write(f"{len(groups)} groups are in.")
