import os

from django.core.asgi import get_asgi_application

from config.database import SERVES_PAGES

os.environ[SERVES_PAGES] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_asgi_application()
