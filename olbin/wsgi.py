import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "olbin.settings")
site = get_wsgi_application()


def application(environ, start_response):
    """The site. What it would say to HEAD is not sent, nor even made where it is streamed."""
    answer = site(environ, start_response)
    if environ["REQUEST_METHOD"] != "HEAD":
        return answer
    getattr(answer, "close", lambda: None)()
    return []
