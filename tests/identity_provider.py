"""An identity provider (OpenID Connect) that runs on this machine, and signs everybody in as one person."""

import json
from contextlib import contextmanager
from time import time
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

from config.sign_in import sign_in_settings
from tests.loopback import Handler, serving

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
    class Providing(Handler):
        def do_GET(self):  # noqa: N802 - so http.server asks for it
            if self.path.startswith("/authorize?"):
                return self.send_back()
            told = provider.told(self.path, self.body().decode())
            self.send(200 if told is not None else 404, "application/json", json.dumps(told).encode())
            return None

        def send_back(self):
            asked = parse_qs(urlsplit(self.path).query)
            code = urlencode({"code": "a-code", "state": asked["state"][0]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri'][0]}?{code}")
            self.end_headers()

        do_POST = do_GET  # noqa: N815

    with serving(Providing) as port:
        provider = Provider(port)
        yield provider
