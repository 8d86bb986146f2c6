"""A small OpenID Connect provider on loopback: discovery, keys, authorisation with PKCE, signed ID tokens.

It signs in whoever ``subject`` names, without asking; ``spoil`` changes the claims of the next ID token.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "aidwatch", "a client's secret"


class Provider:
    """The provider and what it is to say."""

    def __init__(self) -> None:
        self.issuer, self.subject = "", "4711"
        self.spoil: Callable[[dict[str, Any]], None] = lambda _claims: None
        self._key, self._codes = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"}), dict[str, dict[str, str]]()
        self.app = Flask("provider")
        for path, view in (("/.well-known/openid-configuration", self._told), ("/keys", self._keys), ("/authorize", self._authorize)):
            self.app.add_url_rule(path, view_func=view, endpoint=path)
        self.app.add_url_rule("/token", view_func=self._token, methods=["POST"])

    def _told(self) -> Response:
        return jsonify(issuer=self.issuer, authorization_endpoint=f"{self.issuer}/authorize", token_endpoint=f"{self.issuer}/token",
                       jwks_uri=f"{self.issuer}/keys", response_types_supported=["code"], subject_types_supported=["public"],
                       id_token_signing_alg_values_supported=["RS256"], code_challenge_methods_supported=["S256"])  # fmt: skip

    def _keys(self) -> Response:
        return jsonify(keys=[self._key.as_dict(private=False)])

    def _authorize(self) -> Any:
        asked = request.args
        code = secrets.token_urlsafe()
        self._codes[code] = dict(asked)
        return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    def _token(self) -> Any:
        asked = self._codes.pop(request.form["code"], None)
        given = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        proven = asked and base64.urlsafe_b64encode(given).rstrip(b"=").decode() == asked["code_challenge"]
        client = request.authorization
        if not asked or not proven or client is None or (client.username, client.password) != (CLIENT, SECRET):
            return jsonify(error="invalid_grant"), 400
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        self.spoil(claims)
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self._key)
        return jsonify(access_token="-", token_type="Bearer", expires_in=60, id_token=token)


@contextmanager
def provider() -> Iterator[Provider]:
    """The provider, listening."""
    made = Provider()
    server = make_server("127.0.0.1", 0, made.app, threaded=True)
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()
