"""A shopping list with its own sign-in, whose sessions Curfew governs. Python 3.9 or newer, and its standard library.

    pip install ./clients/python
    CURFEW_URL=http://127.0.0.1:4000 CURFEW_SERVICE_KEY=... python3 examples/python/app.py

What to copy: how Shop asks Curfew before it answers anything.
"""

import hashlib
import hmac
import html
import json
import os
import secrets
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlsplit

from curfew_client import Curfew, CurfewError, Live, Refused, Unavailable

COOKIE = "shop_session"


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


def why_over(refused: Refused):
    """The end reason when there is a text for it, else IDLE, ABSOLUTE, REVOKED, NOT_FOUND, NO_TOKEN, ..."""
    return refused.end_reason if refused.end_reason in WHY else refused.reason


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
        except CurfewError as error:
            self.send_unavailable(error.message)

    def send_unavailable(self, message):
        """The state is unknown, not signed out: the cookie stays. The message contains no token."""
        self.log_error("Curfew cannot be asked: %s", message)
        self.send_page(503, "down.html")

    # Only requests of the user count as activity, not the polling of the page.

    def show_list(self):
        if live := self.session(touch=True):
            items = "".join(f"<li>{html.escape(item)}</li>" for item in ITEMS)
            self.send_page(200, "list.html", name=html.escape(live.session.user_name), items=items)

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
        if live := self.session(touch, is_api=True):
            state = {"secondsRemaining": live.seconds_remaining, "warning": live.warning}
            self.send_json(200, {**state, "canExtend": live.session.expiry_reason == "IDLE"})

    def session(self, touch, is_api=False):
        """Returns the live session of the caller. None when they may not continue; the response is then sent."""
        result = self.curfew.check(self.cookie(), touch=touch)
        if isinstance(result, Live):
            return result
        if isinstance(result, Unavailable):
            return self.send_unavailable(result.message)
        reason = why_over(result)
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
        if before := self.cookie():
            self.curfew.end_session(before)
        try:
            created = self.curfew.create_session(
                external_id=who["id"],
                email=who["email"],
                name=who["name"],
                ip_address=self.client_address[0],
                user_agent=self.headers.get("User-Agent"),
            )
        except CurfewError as error:
            if error.details.get("reason") != "USER_INACTIVE":
                raise
            # Deactivated in Curfew.
            return self.refuse_login(403, "You may not sign in here any more. Ask your administrator.")
        self.redirect("/", cookie=created.session_token)

    def refuse_login(self, status, why):
        self.send_page(status, "sign-in.html", message=f'<p role="alert">{why}</p>')

    def logout(self):
        if token := self.cookie():
            self.curfew.end_session(token)
        self.redirect("/login", cookie="")

    def cookie(self):
        # Not by SimpleCookie, which stops at a cookie of another application that it cannot read.
        pairs = (pair.partition("=") for pair in self.headers.get("Cookie", "").split(";"))
        return next((value.strip() for name, _, value in pairs if name.strip() == COOKIE), None)

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
