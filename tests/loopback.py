"""Servers of our own on this machine, and a site among them for captures to fetch; nothing leaves the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title><meta name="author" content="Ada Waters">
<meta property="og:site_name" content="The Gauge"><meta property="article:published_time" content="2026-02-20">
</head><body><nav>Home</nav><article><h1>{title}</h1>{paragraphs}</article></body></html>"""


def page(*paragraphs: str, title: str = "What the rains will bring") -> bytes:
    told = "".join(f"<p>{each}</p>" for each in paragraphs)
    return PAGE.format(title=title, paragraphs=told).encode()


class Site:
    """`pages` are answered at their paths, each (status, content type, body); anything else is 404."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages: dict[str, tuple[int, str, bytes]] = {}

    @property
    def endpoint(self) -> tuple[str, int]:
        return ("127.0.0.1", self.port)

    def put(self, path: str, body: bytes, content_type: str = "text/html; charset=utf-8", status: int = 200) -> str:
        self.pages[path] = (status, content_type, body)
        return f"http://127.0.0.1:{self.port}{path}"


class Handler(BaseHTTPRequestHandler):
    """What each of these servers answers with, and no line in the log of the tests."""

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return None


@contextmanager
def serving(handler: type[Handler]) -> Iterator[int]:
    """The port at which it answers, for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def site() -> Iterator[Site]:
    class OfPages(Handler):
        def do_GET(self) -> None:
            self.send(*told.pages.get(self.path, (404, "text/plain", b"Not here.")))

    with serving(OfPages) as port:
        told = Site(port)
        yield told
