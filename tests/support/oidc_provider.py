"""A provider of OpenID Connect on the loopback, at which somebody is always signed in."""

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "gliolens", "of the client"
JANE = {"sub": "4711", "email": "jane@hospital.example", "name": "Jane Doe"}
JOHN = {"sub": "4712", "email": "john@hospital.example", "name": "John Roe"}


class Provider:
    """What it knows and gives; ``person`` is who sits before the browser."""

    def __init__(self) -> None:
        self.person = JANE
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
        self.nonces: dict[str, str | None] = {}
        self.issuer = ""

    @property
    def metadata(self) -> str:
        """Where what follows is found."""
        return f"{self.issuer}/.well-known/openid-configuration"

    def discovery(self) -> dict:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def back(self, asked: dict[str, list[str]]) -> str:
        """Where a browser is sent that asked to be signed in."""
        code = secrets.token_urlsafe(8)
        self.nonces[code] = asked.get("nonce", [None])[0]
        return f"{asked['redirect_uri'][0]}?{urlencode({'code': code, 'state': asked['state'][0]})}"

    def tokens(self, code: str) -> dict:
        now = int(time.time())
        about = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 600}
        claims = self.person | about | {"nonce": self.nonces.pop(code)}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return {"access_token": "unused", "token_type": "Bearer", "id_token": token}


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, provider: Provider, *arguments) -> None:
        self.provider = provider
        super().__init__(*arguments)

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        if where.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.back(parse_qs(where.query)))
            self.end_headers()
        elif where.path == "/keys":
            self._answer({"keys": [self.provider.key.as_dict(private=False)]})
        else:
            self._answer(self.provider.discovery())

    def do_POST(self) -> None:
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        login = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {login}":
            self.send_error(401)
            return
        self._answer(self.provider.tokens(given["code"][0]))

    def _answer(self, content: dict) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


@contextmanager
def run_provider() -> Iterator[Provider]:
    """A running provider."""
    provider = Provider()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, provider)) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
