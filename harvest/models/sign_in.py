"""Attempts to sign in, kept for as long as they count."""

import ipaddress
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

WINDOW = timedelta(minutes=15)
# Wrong passwords within the window: of an address for one account, of an address, for one account.
FOR_BOTH, OF_ADDRESS, FOR_ACCOUNT = 5, 20, 50
# Who signed in from an address within this time is not kept out of it by what strangers guess elsewhere.
KNOWN = timedelta(days=90)


class TooManyAttempts(Exception):
    """``wait``: the time until another attempt is looked at."""

    def __init__(self, wait):
        super().__init__(f"wait {wait}")
        self.wait = wait


class SignInAttempt(models.Model):
    """``address`` is the visitor's; of IPv6 the first half, since one household has all the rest."""

    account = models.CharField(max_length=150, help_text="the name as typed, case folded; known or not")
    address = models.CharField(max_length=60)
    succeeded = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["address", "at"]), models.Index(fields=["account", "at"])]

    def __str__(self):
        return f"{self.account} from {self.address}"

    @classmethod
    def begin(cls, account, address):
        """Note an attempt before its password is looked at, so that many at once do not slip through.

        Raises
        ------
        TooManyAttempts
            The password must not be looked at; the attempt does not count either.
        """
        now = timezone.now()
        cls.objects.filter(Q(at__lt=now - KNOWN) | Q(at__lt=now - WINDOW, succeeded=False)).delete()
        attempt = cls.objects.create(account=account.casefold()[:150], address=network(address), at=now)
        wait = attempt.wait()
        if wait > timedelta(0):
            attempt.delete()
            raise TooManyAttempts(wait)
        return attempt

    def wait(self):
        wrong = SignInAttempt.objects.filter(succeeded=False, at__gt=self.at - WINDOW).exclude(pk=self.pk)
        here, there = wrong.filter(address=self.address), wrong.filter(account=self.account)
        limits = [(here.filter(account=self.account), FOR_BOTH), (here, OF_ADDRESS)]
        same = {"account": self.account, "address": self.address}
        if not SignInAttempt.objects.filter(succeeded=True, **same).exists():
            limits.append((there, FOR_ACCOUNT))
        return max(until_fewer(attempts, limit, self.at) for attempts, limit in limits)

    def succeed(self):
        SignInAttempt.objects.filter(account=self.account, address=self.address).delete()
        self.succeeded = True
        self.save(force_insert=True)


def until_fewer(attempts, limit, now):
    """The time until less than ``limit`` of the attempts are in the window."""
    at = attempts.order_by("-at").values_list("at", flat=True)[limit - 1 : limit].first()
    return at + WINDOW - now if at else timedelta(0)


def network(address):
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    return str(ipaddress.ip_network((number, 64), strict=False)) if number.version == 6 else str(number)
