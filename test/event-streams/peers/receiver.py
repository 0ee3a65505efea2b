"""A receiver of security event tokens, written from RFC 8417, RFC 8935, RFC 9493 and the CAEP interoperability profile.

Shares no code with Curfew. Prints one JSON object for each line: first the port it listens on, then what became of each
request. Needs Debian's python3-jwcrypto.

    /usr/bin/python3 receiver.py ISSUER AUDIENCE
"""

import json
import sys
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from jwcrypto import jwk, jws

ISSUER, AUDIENCE = sys.argv[1:3]
PREFIX = "https://schemas.openid.net/secevent/"
CLOCK_SKEW_SECONDS = 60
# What the profiles require of an event, beside what CAEP 1.0, section 2, says of all of them.
REQUIRED = {
    PREFIX + "caep/event-type/session-revoked": ("reason_admin", "initiating_entity", "event_timestamp"),
    PREFIX + "caep/event-type/session-established": ("event_timestamp",),
    PREFIX + "caep/event-type/credential-change": ("credential_type", "change_type", "reason_admin"),
    PREFIX + "risc/event-type/account-disabled": (),
    PREFIX + "risc/event-type/account-enabled": (),
    PREFIX + "ssf/event-type/verification": (),
    PREFIX + "ssf/event-type/stream-updated": ("status",),
}
# RFC 9493, section 3.2, as far as the interoperability profile asks for it.
SUBJECT_MEMBERS = {"opaque": {"id"}, "iss_sub": {"iss", "sub"}, "email": {"email"}}
COMPLEX_MEMBERS = {"user", "device", "session", "application", "tenant", "org_unit", "group"}
seen = set()


class Refused(Exception):
    def __init__(self, err, description):
        super().__init__(description)
        self.err = err


def require(condition, description, err="invalid_request"):
    if not condition:
        raise Refused(err, description)


def fetch(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)


def keys_address():
    """By discovery (SSF 1.0, section 7); a transmitter without it publishes its keys at the usual place."""
    try:
        configuration = fetch(ISSUER + "/.well-known/ssf-configuration")
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        return ISSUER + "/.well-known/jwks.json"
    require(configuration["issuer"] == ISSUER, "the issuer of the configuration", "invalid_issuer")
    return configuration["jwks_uri"]


def find_key(kid):
    for entry in fetch(keys_address())["keys"]:
        if entry.get("kid") != kid:
            continue
        require(entry.get("kty") == "RSA" and entry.get("alg") == "RS256", "the type of the key", "invalid_key")
        require(entry.get("use") == "sig" and "d" not in entry, "the use of the key", "invalid_key")
        key = jwk.JWK(**entry)
        require(key.thumbprint() == kid, "kid is the thumbprint", "invalid_key")
        require(key.export_to_pem() and key.get_op_key("verify").key_size >= 2048, "2048 bits", "invalid_key")
        return key
    raise Refused("invalid_key", "unknown kid")


def check_simple_subject(subject):
    members = SUBJECT_MEMBERS.get(subject.get("format"))
    require(members is not None, "an unknown format of a subject")
    require(set(subject) == members | {"format"}, "the members of the subject")
    require(all(isinstance(value, str) and value for value in subject.values()), "texts in the subject")


def check_subject(subject):
    require(isinstance(subject, dict), "sub_id")
    if subject.get("format") != "complex":
        return check_simple_subject(subject)
    parts = {name: value for name, value in subject.items() if name != "format"}
    require(parts and set(parts) <= COMPLEX_MEMBERS, "the members of a complex subject")
    for part in parts.values():
        check_simple_subject(part)


def check_event(uri, event):
    require(uri in REQUIRED, "an event that was not asked for")
    require(isinstance(event, dict), "the payload of the event")
    for name in REQUIRED[uri]:
        require(name in event, name + " is missing")
    if "event_timestamp" in event:
        require(type(event["event_timestamp"]) is int, "event_timestamp in whole seconds")
        require(abs(time.time() - event["event_timestamp"]) < 3600, "event_timestamp is of now")
    if "initiating_entity" in event:
        require(event["initiating_entity"] in ("admin", "user", "policy", "system"), "initiating_entity")
    if "reason_admin" in event:
        reasons = event["reason_admin"]
        require(isinstance(reasons, dict) and reasons and all(reasons.values()), "reason_admin is not empty")
    if uri.endswith("credential-change"):
        require(event["credential_type"] == "password", "credential_type")
        require(event["change_type"] in ("create", "revoke", "update", "delete"), "change_type")


def check_token(text):
    require(text.count(".") == 2, "no compact serialization")
    token = jws.JWS()
    token.allowed_algs = ["RS256"]
    try:
        token.deserialize(text)
        header = json.loads(token.objects["protected"])
    except (ValueError, KeyError, jws.InvalidJWSObject) as error:
        raise Refused("invalid_request", "no JWS") from error
    require(header.get("typ") == "secevent+jwt", "typ")
    require(header.get("alg") == "RS256", "alg", "invalid_key")
    key = find_key(header.get("kid"))
    try:
        token.verify(key)
    except jws.InvalidJWSSignature as error:
        raise Refused("invalid_key", "the signature") from error
    claims = json.loads(token.payload)
    require(claims.get("iss") == ISSUER, "iss", "invalid_issuer")
    audience = claims.get("aud")
    require(AUDIENCE in (audience if isinstance(audience, list) else [audience]), "aud", "invalid_audience")
    require("sub" not in claims and "exp" not in claims, "sub and exp must not be there")
    for name in ("jti", "txn"):
        require(isinstance(claims.get(name), str) and claims[name], name)
    require(type(claims.get("iat")) is int, "iat")
    require(claims["iat"] <= time.time() + CLOCK_SKEW_SECONDS, "iat is in the future")
    check_subject(claims.get("sub_id"))
    events = claims.get("events")
    require(isinstance(events, dict) and len(events) == 1, "exactly one event")
    check_event(*next(iter(events.items())))
    return claims


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
        try:
            require(self.headers["Content-Type"] == "application/secevent+jwt", "Content-Type")
            require("application/json" in self.headers["Accept"], "Accept")
            claims = check_token(text)
        except Refused as refused:
            report(err=refused.err, description=str(refused))
            body = json.dumps({"err": refused.err, "description": str(refused)}).encode()
            self.send_response(400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Language", "en")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        report(claims=claims, repeated=claims["jti"] in seen)
        seen.add(claims["jti"])
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def report(**line):
    print(json.dumps(line), flush=True)


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
report(port=server.server_address[1])
server.serve_forever()
