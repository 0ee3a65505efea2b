#!/usr/bin/env python3
"""A receiver of security events, written from RFC 8936, RFC 8417 and SSF 1.0.

Usage: poller.py ISSUER, with the service key in CURFEW_KEY. Reads the configuration of the transmitter, creates a poll
stream, asks for a verification, and polls. Prints one JSON object a line: {"ready": stream_id}, then each event it has
verified. Ends when standard input is closed: it deletes its stream.
"""

import json
import os
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request

from jwcrypto import jwk, jws

SECEVENT = "https://schemas.openid.net/secevent"
VERIFICATION = SECEVENT + "/ssf/event-type/verification"
POLL = "urn:ietf:rfc:8936"
STATE = "state of the poller"


def ask(method, url, body=None, key=None):
    headers = {"Accept": "application/json"}
    if key is not None:
        headers["Authorization"] = "Bearer " + key
    data = None
    if body is not None:
        headers["Content-Type"] = "application/json"
        data = json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as response:
        text = response.read()
        return response.status, json.loads(text) if text else None


def well_known(issuer):
    """SSF 1.0, section 7.2: between the host and the path of the issuer."""
    parts = urllib.parse.urlsplit(issuer)
    path = "/.well-known/ssf-configuration" + parts.path.rstrip("/")
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def verify(token, keys, issuer, stream):
    """RFC 8417 and SSF 1.0, section 4. Returns the claims."""
    parsed = jws.JWS()
    parsed.deserialize(token)
    header = parsed.jose_header
    assert header["typ"] == "secevent+jwt", header
    assert header["alg"] == "RS256", header
    key = keys.get_key(header["kid"])
    assert key is not None and key.export_public(as_dict=True)["kty"] == "RSA"
    parsed.allowed_algs = ["RS256"]
    parsed.verify(key)
    claims = json.loads(parsed.payload)
    assert claims["iss"] == issuer == stream["iss"], claims
    assert claims["aud"] == stream["aud"], claims
    assert "sub" not in claims and "exp" not in claims, claims
    assert isinstance(claims["iat"], int) and claims["txn"], claims
    assert claims["sub_id"]["format"] in ("complex", "opaque"), claims
    assert len(claims["events"]) == 1, claims
    return claims


def main():
    issuer, key = sys.argv[1], os.environ["CURFEW_KEY"]
    status, transmitter = ask("GET", well_known(issuer))
    assert status == 200 and transmitter["issuer"] == issuer, transmitter
    assert POLL in transmitter["delivery_methods_supported"], transmitter
    streams = transmitter["configuration_endpoint"]
    status, stream = ask("POST", streams, {"delivery": {"method": POLL}, "description": "poller.py"}, key)
    assert status == 201, status
    stream_id = stream["stream_id"]
    poll = stream["delivery"]["endpoint_url"]
    status, state = ask("GET", transmitter["status_endpoint"] + "?stream_id=" + stream_id, key=key)
    assert (status, state["status"]) == (200, "enabled"), state
    request = {"stream_id": stream_id, "state": STATE}
    assert ask("POST", transmitter["verification_endpoint"], request, key) == (204, None)
    keys = jwk.JWKSet.from_json(json.dumps(ask("GET", transmitter["jwks_uri"])[1]))
    print(json.dumps({"ready": stream_id}), flush=True)

    done = threading.Event()

    def wait_for_end():
        sys.stdin.read()
        done.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    acknowledged, errors = [], {}
    while not done.is_set():
        status, answer = ask("POST", poll, {"maxEvents": 10, "ack": acknowledged, "setErrs": errors}, key)
        assert status == 200, status
        acknowledged, errors = [], {}
        for jti, token in answer["sets"].items():
            claims = verify(token, keys, issuer, stream)
            assert claims["jti"] == jti, claims
            [(uri, event)] = claims["events"].items()
            if uri == VERIFICATION and event.get("state") != STATE:
                errors[jti] = {"err": "invalid_state", "description": "another state"}
                continue
            acknowledged.append(jti)
            print(json.dumps({"uri": uri, "event": event, "sub_id": claims["sub_id"]}), flush=True)
    ask("POST", poll, {"maxEvents": 0, "ack": acknowledged}, key)
    assert ask("DELETE", streams + "?stream_id=" + stream_id, key=key) == (204, None)
    try:
        ask("GET", streams + "?stream_id=" + stream_id, key=key)
        raise AssertionError("The stream is still there.")
    except urllib.error.HTTPError as error:
        assert error.code == 404, error


main()
