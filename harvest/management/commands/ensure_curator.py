"""The account that `make run` prints: made once, its password kept in a file that only its owner can read."""

import os
import secrets
import tempfile

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand

NAME = "curator"


class Command(BaseCommand):
    help = (
        "Makes the account “curator” with a random password, kept in the file curator-login of DATA_DIR, and "
        "prints both. An account that exists keeps its password; changepassword sets another."
    )

    def handle(self, *args, **options):
        login = settings.DATA_DIR / "curator-login"
        user = User.objects.filter(username=NAME).first()
        if user is None:
            user = make_curator(kept_password(login))
        password = read_password(login)
        if password and user.check_password(password):
            self.stdout.write(f"Curators: /admin/, name {NAME}, password {password} (kept in {login})")
        else:
            self.stdout.write(
                f"Curators: /admin/, name {NAME}; the password was set elsewhere. "
                f"To set another: manage.py changepassword {NAME}"
            )


def make_curator(password):
    user = User.objects.create_user(NAME, password=password, is_staff=True)
    user.groups.add(Group.objects.get(name="curator"))
    return user


def kept_password(login):
    """The password in the file ``login``; a new one is kept there first when there is none."""
    if not read_password(login):
        handle, name = tempfile.mkstemp(dir=login.parent, prefix=".curator-login-")  # mode 0600
        with os.fdopen(handle, "w") as file:
            file.write(f"{NAME}\n{secrets.token_urlsafe(12)}\n")
        os.replace(name, login)
    return read_password(login)


def read_password(login):
    """The second line of the file; empty when there is no file, or nothing in it."""
    return "".join(login.read_text().splitlines()[1:2]) if login.exists() else ""
