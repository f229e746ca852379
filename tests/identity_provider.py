"""An identity provider (OpenID Connect) that runs on this machine, and signs everybody in as one person."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import time
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

from config.sign_in import sign_in_settings

CLIENT, SECRET = "forsooth", "between us two"


class Provider:
    """What it says of whoever comes: `claims` in the signed token, `userinfo` besides; None: nothing."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        self.claims = {"sub": "ada-1", "iss": self.url, "aud": CLIENT, "exp": time() + 300}
        self.userinfo = {"sub": "ada-1", "preferred_username": "ada", "given_name": "Ada", "family_name": "Waters"}
        self.userinfo |= {"email": "ada@example.org", "email_verified": True}
        self.asked = []

    def settings(self):
        """What the site is told of it, by the environment."""
        told = {"OIDC_URL": self.url, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET, "OIDC_NAME": "Waterworks"}
        block = sign_in_settings(told, is_trial=True, trusts_proxy=False)
        return {name: value for name, value in block.items() if name.startswith(("OIDC", "SOCIALACCOUNT"))}

    def told(self, path, body):
        """Body of the answer at `path`, or None."""
        self.asked.append((path, parse_qs(body)))
        places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        told = {f"{name}_endpoint": f"{self.url}/{place}" for name, place in places.items()}
        told |= {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        told["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
        answer = {"access_token": "opens-userinfo", "token_type": "Bearer"}
        if self.claims is not None:
            answer["id_token"] = jwt.encode(self.claims, "a key that nobody needs to know here", "HS256")
        return {
            "/.well-known/openid-configuration": told,
            "/token": answer,
            "/userinfo": self.userinfo,
        }.get(path)


@contextmanager
def running():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.startswith("/authorize?"):
                return self.send_back()
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            told = provider.told(self.path, body)
            sent = json.dumps(told).encode()
            self.send_response(200 if told is not None else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

            return None

        def send_back(self):
            asked = parse_qs(urlsplit(self.path).query)
            code = urlencode({"code": "a-code", "state": asked["state"][0]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri'][0]}?{code}")
            self.end_headers()

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_):
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(server.server_port)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()
