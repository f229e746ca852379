import os
from concurrent.futures import ThreadPoolExecutor

from django.core.asgi import get_asgi_application

from config.database import SERVES_PAGES
from config.startup import tell_of_missing_guards

os.environ[SERVES_PAGES] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_asgi_application()
with ThreadPoolExecutor(1) as aside:  # a server may load this within its running loop, where Django asks no database
    aside.submit(tell_of_missing_guards).result()
