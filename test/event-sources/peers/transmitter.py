"""A transmitter of security events, written from RFC 8417, RFC 8935, RFC 9493 and SSF 1.0, with a library of its own.

It serves its metadata and keys, and sends what POST /control asks for. Prints its origin when it listens.
"""

import base64
import hashlib
import hmac
import json
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from jwcrypto import jwk, jws

PREFIX = "https://schemas.openid.net/secevent/"
EVENTS = {
    "session-revoked": "caep/event-type/session-revoked",
    "credential-change": "caep/event-type/credential-change",
    "session-established": "caep/event-type/session-established",
    "credential-compromise": "risc/event-type/credential-compromise",
    "account-disabled": "risc/event-type/account-disabled",
    "account-enabled": "risc/event-type/account-enabled",
    "sessions-revoked": "risc/event-type/sessions-revoked",
    "verification": "ssf/event-type/verification",
    "stream-updated": "ssf/event-type/stream-updated",
}
PAYLOADS = {
    "credential-change": {"credential_type": "password", "change_type": "update"},
    "credential-compromise": {"credential_type": "password"},
    "account-disabled": {"reason": "hijacking"},
    "stream-updated": {"status": "paused"},
}


def new_rsa(kid, size=2048):
    return jwk.JWK.generate(kty="RSA", size=size, kid=kid)


class Transmitter:
    def __init__(self):
        self.origin = ""
        self.path = ""
        self.lock = threading.Lock()
        self.requests = []
        self.keys = {
            "RSA": new_rsa("rsa-1"),
            "EC": jwk.JWK.generate(kty="EC", crv="P-256", kid="ec-1"),
            "OKP": jwk.JWK.generate(kty="OKP", crv="Ed25519", kid="okp-1"),
        }
        self.short = new_rsa("short", 1024)
        self.stranger = new_rsa("rsa-1")
        self.behaviour = {}

    @property
    def issuer(self):
        return self.origin + self.path

    def metadata_path(self):
        """The name goes between host and path (SSF 1.0, section 7.2)."""
        return self.behaviour.get("metadata_path", "/.well-known/ssf-configuration" + self.path)

    def key_set(self):
        if "keys" in self.behaviour:
            return {"keys": self.behaviour["keys"]}
        public = [json.loads(key.export_public()) for key in self.keys.values()]
        public.append(json.loads(self.short.export_public()))
        return {"keys": public}

    def metadata(self):
        return {
            "issuer": self.issuer,
            "jwks_uri": self.behaviour.get("jwks_uri", self.origin + "/keys"),
            "spec_version": "1_0",
            "delivery_methods_supported": ["urn:ietf:rfc:8935"],
            **self.behaviour.get("metadata", {}),
        }

    # Signing

    def sign(self, header, claims, how):
        payload = json.dumps(claims).encode()
        if how == "none":
            return unsigned({**header, "alg": "none"}, payload)
        if how == "hmac-with-public-key":
            return self.signed_with_public_key(header, payload)
        key, algorithm = self.key_for(how)
        full = {"kid": json.loads(key.export_public())["kid"], **header, "alg": algorithm}
        token = jws.JWS(payload)
        token.allowed_algs = [algorithm]
        token.add_signature(key, None, json.dumps({k: v for k, v in full.items() if v is not None}))
        return token.serialize(compact=True)

    def key_for(self, how):
        if how == "wrong-key":
            return self.stranger, "RS256"
        if how == "unknown-key":
            return new_rsa(str(uuid.uuid4())), "RS256"
        if how == "short-key":
            return self.short, "RS256"
        kind = {"E": "EC", "R": "RSA", "P": "RSA"}[how[0]] if how != "EdDSA" else "OKP"
        return self.keys[kind], how

    def signed_with_public_key(self, header, payload):
        """The classic confusion: an HMAC whose secret is the published key."""
        full = {"kid": "rsa-1", **header, "alg": "HS256"}
        signed = encode(json.dumps(full).encode()) + "." + encode(payload)
        secret = self.keys["RSA"].export_to_pem()
        return signed + "." + encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest())

    # Tokens

    def event_token(self, order):
        name = order.get("event", "session-revoked")
        payload = {"event_timestamp": order["now"], **PAYLOADS.get(name, {}), **order.get("payload", {})}
        claims = {
            "iss": self.issuer,
            "aud": order["aud"],
            "iat": order["now"],
            "jti": order.get("jti", str(uuid.uuid4())),
            "txn": str(uuid.uuid4()),
            "sub_id": order.get("subject"),
            "events": {PREFIX + EVENTS.get(name, name): payload},
            **order.get("claims", {}),
        }
        return self.sign({"typ": "secevent+jwt", **order.get("header", {})}, present(claims), order.get("sign", "RS256"))

    def revocation_token(self, order):
        claims = {
            "iss": self.issuer,
            "sub": "client-of-the-issuer",
            "aud": order["aud"],
            "iat": order["now"],
            "nbf": order["now"],
            "exp": order["now"] + 300,
            "jti": order.get("jti", str(uuid.uuid4())),
            **order.get("claims", {}),
        }
        header = {"typ": "global-token-revocation+jwt", **order.get("header", {})}
        return self.sign(header, present(claims), order.get("sign", "RS256"))

    # Sending

    def push(self, order):
        body = order["token"] if "token" in order else self.event_token(order)
        headers = {
            "Content-Type": order.get("content_type", "application/secevent+jwt"),
            "Accept": "application/json",
        }
        return {"token": body, **post(order["url"], headers, body.encode())}

    def revoke(self, order):
        token = order["token"] if "token" in order else self.revocation_token(order)
        headers = {"Content-Type": order.get("content_type", "application/json")}
        if token is not None:
            headers["Authorization"] = "Bearer " + token
        body = order["body"] if "body" in order else json.dumps({"sub_id": order.get("subject")})
        return {"token": token, **post(order["url"], headers, body.encode())}

    def control(self, order):
        command = order["command"]
        if command == "push":
            return self.push(order)
        if command == "push-many":
            return self.push_many(order)
        if command == "revoke":
            return self.revoke(order)
        if command == "behave":
            self.behaviour = order["behaviour"]
            return {}
        if command == "become":
            self.path, self.behaviour, self.requests = order["path"], {}, []
            return {"issuer": self.issuer}
        if command == "rotate":
            self.keys["RSA"] = new_rsa(order["kid"])
            return {}
        if command == "requests":
            with self.lock:
                seen, self.requests = self.requests, []
            return {"requests": seen}
        raise ValueError(command)

    def push_many(self, order):
        """The same token from many connections at once."""
        token = self.event_token(order)
        answers = []
        threads = [
            threading.Thread(target=lambda: answers.append(self.push({**order, "token": token})["status"]))
            for _ in range(order["times"])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {"token": token, "statuses": answers}


def present(claims):
    return {name: value for name, value in claims.items() if value is not None}


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(header, payload):
    return encode(json.dumps(header).encode()) + "." + encode(payload) + "."


def post(url, headers, body):
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return described(answer, answer.read())
    except urllib.error.HTTPError as error:
        return described(error, error.read())


def described(answer, body):
    return {
        "status": answer.status,
        "body": body.decode(),
        "headers": {name.lower(): value for name, value in answer.headers.items()},
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    transmitter = Transmitter()

    def do_GET(self):
        transmitter = self.transmitter
        with transmitter.lock:
            transmitter.requests.append(self.path)
        behaviour = transmitter.behaviour
        time.sleep(behaviour.get("delay", 0))
        if behaviour.get("status"):
            return self.answer(behaviour["status"], {})
        if self.path in behaviour.get("nonsense", []):
            return self.reply(200, b"<html>not what you expect", "text/html")
        if self.path in behaviour.get("redirect", {}):
            return self.reply(302, b"", "text/plain", {"Location": behaviour["redirect"][self.path]})
        if self.path in behaviour.get("huge", []):
            return self.reply(200, b'{"keys":["' + b"x" * 1_000_000 + b'"]}', "application/json")
        if self.path == transmitter.metadata_path():
            return self.answer(200, transmitter.metadata())
        if self.path in ("/keys", "/moved-keys"):
            return self.answer(200, transmitter.key_set())
        return self.answer(404, {})

    def do_POST(self):
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(200, self.transmitter.control(order))

    def answer(self, status, document):
        self.reply(status, json.dumps(document).encode(), "application/json")

    def reply(self, status, body, content_type, headers=None):
        self.send_response(status)
        for name, value in {"Content-Type": content_type, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except BrokenPipeError:
            pass

    def log_message(self, *_):
        pass


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.transmitter.origin = "http://127.0.0.1:%d" % server.server_address[1]
    print(Handler.transmitter.origin, flush=True)
    # Ends with the tests, also when they are killed.
    threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
    server.serve_forever()


main()
