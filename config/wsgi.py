import os

from django.core.wsgi import get_wsgi_application

from config.database import SERVES_PAGES

os.environ[SERVES_PAGES] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config.startup import tell_of_missing_guards  # noqa: E402 - it asks the models, which are loaded by now

tell_of_missing_guards()
