"""Starts gunicorn again and again without importing the site each time: `python -m tests.faults.nursery`.

It has imported everything and touched no database. For each line on stdin, the arguments of gunicorn as JSON, it forks
a process group of its own that runs gunicorn on them; its id is the answer. So a killed server is back in a
fraction of a second, as on a machine with nothing else to do.
"""

import json
import os
import signal
import sys

from django.urls import get_resolver
from gunicorn.app.wsgiapp import run

import config.wsgi


def born(arguments: list[str], log: str) -> None:
    """The child: never comes back."""
    os.setsid()
    print(os.getpid(), flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(file, stream)
    sys.argv = ["gunicorn", *arguments]
    run()


if __name__ == "__main__":
    assert config.wsgi.application
    assert get_resolver().url_patterns
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is killed leaves nothing behind
    print("ready", flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        if os.fork() == 0:
            born(told["arguments"], told["log"])
