from pathlib import Path

from django.core.management.base import CommandError

from harvest.commands import JobCommand
from harvest.models import HarvestRun
from harvest.source_lists import BrokenSource, SourceLists
from harvest.sources import import_source
from publications.models import SourceRecord


class Command(JobCommand):
    job = HarvestRun.Job.SOURCE
    help = (
        "Read the list of another database (telbib, oidb, jmdc) from a file, or without one from its address "
        "in the settings: CSV with a column of bibcodes, telbib's XML, or a bare list. Safe to repeat."
    )
    service = "other databases"

    def client(self, by):
        return SourceLists()

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("source", choices=SourceRecord.Source.values)
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--allow-removals", action="store_true", help="also when many records would go")

    def run(self, client, by, *, source, file, allow_removals, **options):
        try:
            text = None if file is None else file.read_text(encoding="utf-8")
            return import_source(source, text, by, allow_removals, client)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not UTF-8 text: {error}") from error
        except BrokenSource as error:
            raise CommandError(f"{file or source}: {error}") from error
