"""Column types that make the two databases agree."""

from django.db import models


class CodePointField(models.CharField):
    """Text that is compared and sorted by code point, on every database.

    SQLite does so by default; PostgreSQL would follow the language of its cluster.
    """

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
