from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from harvest.vocabulary import yaml_file


class Command(BaseCommand):
    help = "Write the vocabulary, all categories and tags with their parents, as YAML."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="where to; without it, the standard output")

    def handle(self, *, file, **options):
        if file is None:
            self.stdout.write(yaml_file.written(), ending="")
            return
        try:
            file.write_text(yaml_file.written(), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}") from error
