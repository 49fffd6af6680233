"""A pytest plugin for `make verify`: the profile "thorough" gives each property many more examples."""

from hypothesis import settings

settings.register_profile("thorough", max_examples=5000, deadline=None)
