from django.contrib import admin

from publications.admin import accounts, libraries, papers, targets, vocabulary

__all__ = ["accounts", "libraries", "papers", "targets", "vocabulary"]

admin.site.site_header = "OLBIN Publications"
admin.site.site_title = "OLBIN Publications"
admin.site.index_title = "Curation"
