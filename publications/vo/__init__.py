"""The Virtual Observatory: cone search, link table, service descriptions."""
