"""What search engines should know: papers, tags, journals and the standing pages."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from publications.models import Journal, Paper, Tag


class OwnSite:
    """The site's own address, without a table of sites."""

    domain = name = settings.SITE_URL.partition("://")[2]


class OwnSitemap(Sitemap):
    protocol = settings.SITE_URL.partition("://")[0]
    limit = 10_000

    def get_urls(self, page=1, site=None, protocol=None):
        return super().get_urls(page, OwnSite, self.protocol)


class Pages(OwnSitemap):
    def items(self):
        names = [
            "home",
            "papers",
            "tags",
            "journals",
            "authors",
            "additions",
            "plots",
            "statistics",
            "libraries",
            "legal",
        ]
        return [f"publications:{name}" for name in names]

    def location(self, name):
        return reverse(name)


class Papers(OwnSitemap):
    def items(self):
        return Paper.objects.only("bibcode", "added").order_by("bibcode")

    def lastmod(self, paper):
        return paper.added


class Tags(OwnSitemap):
    def items(self):
        return Tag.objects.public().order_by("slug")


class Journals(OwnSitemap):
    def items(self):
        return Journal.objects.filter(papers__isnull=False).distinct().order_by("bibstem")


SITEMAPS = {"pages": Pages, "papers": Papers, "tags": Tags, "journals": Journals}
