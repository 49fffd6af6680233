from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from harvest.vocabulary import yaml_file
from harvest.vocabulary.changes import CannotChange, carry_out
from harvest.vocabulary.importing import Import, NothingToChange


class Command(BaseCommand):
    help = (
        "Make the vocabulary what a YAML file says, as one act that can be undone: new categories and tags, "
        "names, descriptions, parents, order. A tag is known by its slug; nothing is deleted."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )
        parser.add_argument("--by", metavar="USERNAME", help="the person for whom it runs")

    def handle(self, *, file, dry_run, by, **options):
        by = self.person(by)
        try:
            wanted = Import(yaml_file.read(file.read_text(encoding="utf-8-sig")))
            wanted.new_categories = by is None or by.has_perm("publications.add_category")
            wanted.check()
            for said in wanted.foresee().notes:
                self.stdout.write(said)
            if not dry_run:
                carry_out(wanted, by)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is no UTF-8 text: save it as UTF-8") from error
        except NothingToChange as nothing:
            self.stdout.write(str(nothing))
        except (yaml_file.BrokenFile, CannotChange) as error:
            raise CommandError(str(error)) from error

    def person(self, username):
        person = get_user_model().objects.filter(username=username).first() if username else None
        if username and person is None:
            raise CommandError(f"--by: there is no user {username!r}")
        return person
