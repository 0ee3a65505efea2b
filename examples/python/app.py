"""A shopping list with its own sign-in, whose sessions Curfew governs. Nothing but HTTP, nothing but Python 3.9.

    CURFEW_URL=http://127.0.0.1:4000 CURFEW_SERVICE_KEY=... python3 app.py

What to copy: the class Curfew, and how Shop asks it before it answers anything.
"""

import hashlib
import hmac
import html
import json
import os
import secrets
import sys
import urllib.request
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlsplit

COOKIE = "shop_session"


class CurfewError(Exception):
    """Curfew refused the call. `reason` is its extensions.reason or code."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class CurfewUnavailable(Exception):
    """Curfew is unreachable. Let no user in."""


class Curfew:
    def __init__(self, url, key, timeout=3):
        self.url, self.key, self.timeout = url.rstrip("/") + "/graphql", key, timeout

    def call(self, query, variables):
        request = urllib.request.Request(
            self.url,
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json", "Authorization": "Bearer " + self.key},
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                answer = json.load(response)
        except (OSError, ValueError) as error:  # refused, reset, timed out, an HTTP error, not JSON
            raise CurfewUnavailable(str(error)) from error
        if not answer.get("errors"):
            return answer["data"]
        extensions = answer["errors"][0].get("extensions", {})
        # A revoked key is the application's fault. It must not look like an ended session.
        if extensions.get("code") in ("UNAVAILABLE", "INTERNAL_SERVER_ERROR", "UNAUTHENTICATED", "FORBIDDEN"):
            raise CurfewUnavailable(extensions["code"])
        raise CurfewError(extensions.get("reason") or extensions.get("code"))

    def create_session(self, person, ip_address, user_agent):
        query = "mutation ($input: CreateSessionInput!) { createSession(input: $input) { sessionToken } }"
        given = {
            "externalId": person["id"],
            "email": person["email"],
            "name": person["name"],
            "ipAddress": ip_address,
            "userAgent": user_agent,
        }
        return self.call(query, {"input": given})["createSession"]["sessionToken"]

    def validate(self, token, touch):
        query = """mutation ($input: ValidateSessionInput!) { validateSession(input: $input) {
            valid reason warning secondsRemaining session { expiryReason endReason user { name } } } }"""
        return self.call(query, {"input": {"sessionToken": token, "touch": touch}})["validateSession"]

    def end(self, token):
        query = "mutation ($input: EndSessionInput!) { endSession(input: $input) }"
        return self.call(query, {"input": {"sessionToken": token, "reason": "LOGOUT"}})["endSession"]


def hash_password(password, salt):
    return hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1)


def person(id, name, password):
    salt = secrets.token_bytes(16)
    email = id + "@shop.example"
    return {"id": id, "name": name, "email": email, "salt": salt, "hash": hash_password(password, salt)}


MIA = person("mia", "Mia Sommer", "mia-likes-apples")
TOM = person("tom", "Tom Winter", "tom-likes-pears")
PEOPLE = {who["email"]: who for who in (MIA, TOM)}
UNKNOWN = person("unknown", "", secrets.token_hex())
ITEMS = ["Apples", "Bread"]
PAGES = Path(__file__).parent / "page"


def find_person(email, password):
    """Takes equally long for an unknown e-mail and for a wrong password."""
    who = PEOPLE.get(email.strip().lower(), UNKNOWN)
    return who if hmac.compare_digest(who["hash"], hash_password(password, who["salt"])) else None


# The texts of the sign-in page. The reason in its address is looked up here and never shown itself.
WHY = {
    "IDLE": "You were signed out because you had been inactive.",
    "ABSOLUTE": "Your session had reached its time limit. Sign in to go on.",
    "REVOKED": "An administrator signed you out.",
    "PASSWORD_CHANGED": "You were signed out because your password was changed.",
}


def why_over(validation):
    """IDLE, ABSOLUTE, NOT_FOUND, or the end reason when there is a text for it, else REVOKED."""
    end_reason = (validation["session"] or {}).get("endReason")
    if validation["reason"] == "REVOKED" and end_reason in WHY:
        return end_reason
    return validation["reason"]


class Shop(BaseHTTPRequestHandler):
    """One request."""

    curfew = None  # set at the end of this file
    server_version = "Shop"

    def do_GET(self):
        pages = {"/": self.show_list, "/login": self.show_login, "/session": self.show_session}
        self.answer({**pages, "/page.js": self.send_file, "/style.css": self.send_file})

    def do_POST(self):
        # SameSite keeps other sites from using the cookie. This also rejects other origins of this site.
        if self.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return self.send(403, "Forbidden")
        self.answer({"/login": self.login, "/logout": self.logout, "/items": self.add_item, "/session": self.stay})

    def answer(self, routes):
        route = routes.get(self.path.split("?")[0])
        if not route:
            return self.send(404, "Not found")
        try:
            route()
        except CurfewUnavailable as error:
            self.log_error("Curfew cannot be asked: %s", error)
            self.send_page(503, "down.html")

    # Only requests of the user count as activity, not the polling of the page.

    def show_list(self):
        if session := self.session(touch=True):
            items = "".join(f"<li>{html.escape(item)}</li>" for item in ITEMS)
            self.send_page(200, "list.html", name=html.escape(session["session"]["user"]["name"]), items=items)

    def add_item(self):
        if self.session(touch=True):
            item = self.form().get("item", "").strip()[:200]
            if item:
                ITEMS.append(item)
            self.redirect("/")

    def show_session(self):
        self.send_session(touch=False)

    def stay(self):
        self.send_session(touch=True)

    def send_session(self, touch):
        """Returns the data with which the page warns in time."""
        if session := self.session(touch, is_api=True):
            state = {"secondsRemaining": session["secondsRemaining"], "warning": session["warning"]}
            self.send_json(200, {**state, "canExtend": session["session"]["expiryReason"] == "IDLE"})

    def session(self, touch, is_api=False):
        """Returns Curfew's answer for the caller. None when they may not continue; the response is then sent."""
        token = self.cookie()
        over = {"valid": False, "reason": "NOT_FOUND", "session": None}
        validation = self.curfew.validate(token, touch) if token else over
        if validation["valid"]:
            return validation
        reason = why_over(validation)
        if is_api:
            self.send_json(401, {"error": "signed_out", "reason": reason})
        else:
            self.redirect("/login?reason=" + reason, cookie="")
        return None

    def show_login(self):
        reason = parse_qs(urlsplit(self.path).query).get("reason", [""])[0]
        why = f'<p class="why">{WHY[reason]}</p>' if reason in WHY else ""
        self.send_page(200, "sign-in.html", message=why)

    def login(self):
        form = self.form()
        who = find_person(form.get("email", ""), form.get("password", ""))
        if not who:
            return self.refuse_login(401, "That e-mail and password do not belong together.")
        try:
            token = self.curfew.create_session(who, self.client_address[0], self.headers.get("User-Agent"))
        except CurfewError as error:  # such as USER_INACTIVE: deactivated in Curfew
            self.log_error("Curfew refused a sign-in: %s", error)
            return self.refuse_login(403, "You may not sign in here any more. Ask your administrator.")
        self.redirect("/", cookie=token)

    def refuse_login(self, status, why):
        self.send_page(status, "sign-in.html", message=f'<p role="alert">{why}</p>')

    def logout(self):
        if token := self.cookie():
            self.curfew.end(token)
        self.redirect("/login", cookie="")

    def cookie(self):
        found = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        return found.value if found else None

    def form(self):
        length = self.headers.get("Content-Length", "")
        body = self.rfile.read(min(int(length), 10_000)) if length.isdigit() else b""
        return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}

    def redirect(self, path, cookie=None):
        headers = {"Location": path}
        if cookie is not None:
            # Behind TLS add Secure, and name it __Host-shop_session.
            lifetime = "" if cookie else "; Max-Age=0"
            headers["Set-Cookie"] = f"{COOKIE}={cookie}; HttpOnly; SameSite=Lax; Path=/{lifetime}"
        self.send(303, "", headers=headers)

    def send_page(self, status, file, **values):
        page = Template((PAGES / file).read_text("utf-8"))
        self.send(status, page.substitute(values), "text/html; charset=utf-8")

    def send_json(self, status, value):
        self.send(status, json.dumps(value), "application/json")

    def send_file(self):
        name = self.path[1:]
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        self.send(200, (PAGES / name).read_text("utf-8"), kind + "; charset=utf-8")

    def send(self, status, body, kind="text/plain; charset=utf-8", headers=None):
        content = body.encode()
        self.send_response(status)
        own = {"Content-Type": kind, "Content-Length": len(content), "Cache-Control": "no-store"}
        own["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"
        for name, value in {**own, **(headers or {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    missing = [name for name in ("CURFEW_URL", "CURFEW_SERVICE_KEY") if not os.environ.get(name)]
    if missing:
        sys.exit("Set " + " and ".join(missing) + ".")
    Shop.curfew = Curfew(os.environ["CURFEW_URL"], os.environ["CURFEW_SERVICE_KEY"])
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "4200"))), Shop)
    print(f"The shopping list is at http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
