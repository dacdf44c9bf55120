#!/usr/bin/env python3
"""Every page, asked for without a browser: status, language, headers, escaping. Speaks TAP.

usage: smoke.py LIKENESS
"""
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tap import finish, point  # noqa: E402

PAGES = "/ /start /now /age /under-18 /help /fingerprint /case /case/new /case/withdraw /safety /privacy /about /platforms".split()


class Keep(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(Keep)


def ask(path, form=None, **headers):
    """-> (status, headers, text)"""
    data = None if form is None else urllib.parse.urlencode(form).encode()
    headers.setdefault("Accept", "text/html")
    request = urllib.request.Request(origin + path, data, headers)
    try:
        answer = opener.open(request, timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.headers, answer.read().decode()


def page_faults(path, status, headers, text, lang):
    if status != 200:
        yield f"{path}: status {status}"
    if f'<html lang="{lang}" dir="ltr">' not in text:
        yield f"{path}: not in {lang}"
    if "{{" in text or re.search(r"%[a-z_]+%", text) or not text.rstrip().endswith("</html>"):
        yield f"{path}: not rendered to the end"
    if headers["Cache-Control"] != "no-store" or headers["Set-Cookie"]:
        yield f"{path}: may stay behind in the browser"
    for link in re.findall(r'(?:href|src|action)="([^"]*)"', text):
        if not re.match(r"/(?!/)|#|https://|tel:", link):
            yield f"{path}: link {link!r}"
    for source in re.findall(r'(?:src|stylesheet" href)="([^"]*)"', text):
        if not source.startswith("/assets/"):
            yield f"{path}: loads {source}"


def all_pages():
    for lang in ("en", "es"):
        faults = []
        for path in PAGES:
            faults += page_faults(path, *ask(path, **{"Accept-Language": lang}), lang)
            faults += page_faults(path, *ask(f"{path}?lang={lang}"), lang)
        point(f"every page is there, in {lang}, by header and by link", faults)


def the_age_question():
    wrong = []
    for age, place in {"adult": "/fingerprint", "minor": "/under-18", "unsure": "/under-18"}.items():
        status, headers, _ = ask("/age?lang=es", {"age": age})
        if (status, headers["Location"]) != (303, place + "?lang=es"):
            wrong.append(f"{age}: {status} {headers['Location']}")
    for form in ({"asked": "yes"}, {"age": "nonsense"}, {"age": ""}):
        status, _, text = ask("/age", form)
        if status != 400 or 'role="alert"' not in text:
            wrong.append(f"{form}: {status}")
    point("the age question leads on, or is asked again", wrong)


def help_by_country():
    wrong = []
    for country in ("gb", "zz", "", "<b>", "eu"):
        status, _, text = ask("/help", {"country": country})
        if status != 200 or ("Revenge Porn Helpline" in text) != (country == "gb"):
            wrong.append(f"{country}: {status}")
        if "<b>" in text:
            wrong.append(f"{country}: written as it came")
    point("help is by country, and an unknown country is no error", wrong)


def codes_and_tokens():
    wrong = []
    for form, expected, words in (
        ({"code": "12"}, 400, "digit is missing"),
        ({"code": "0000 0000 0000 0000 0000 98"}, 400, "no case with this code"),
        ({"code": '"><script>'}, 400, "digit is missing"),
        ({}, 400, "That did not work"),
        ({"token": "forged"}, 403, "Enter your code again"),
    ):
        status, _, text = ask("/case", form)
        if status != expected or words not in text or "<script>" in text:
            wrong.append(f"{form}: {status}")
    for form in ({"token": "forged"}, {"code": "1"}):
        status, _, _ = ask("/case/withdraw", form)
        if status != 403:
            wrong.append(f"withdraw {form}: {status}")
    point("wrong codes and forged tokens open nothing and are not repeated", wrong)


def errors():
    wrong = []
    for path, form, expected in (
        ("/nothing-here", None, 404),
        ("/nothing-here?lang=<script>alert(1)</script>", None, 404),
        ("/safety", {"a": "b"}, 405),
        ("/case", {"code": "1" * 70000}, 413),
    ):
        try:
            status, _, text = ask(path, form)
        except (ConnectionError, urllib.error.URLError):
            status, text = 413, "</html>"  # cut off while still sending
        if status != expected or "</html>" not in text or "<script>alert" in text:
            wrong.append(f"{path}: {status}")
    point("errors are pages too", wrong)


def the_way_out():
    status, headers, _ = ask("/leave")
    point(
        "the way out ends what it can and leads elsewhere",
        []
        if status == 303 and headers["Location"].startswith("https://") and "storage" in headers["Clear-Site-Data"]
        else [f"{status} {headers}"],
    )


with tempfile.TemporaryDirectory() as data:
    service = subprocess.Popen(
        [sys.argv[1], "serve", "--listen", "127.0.0.1:0", "--data", data],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        origin = re.search(r"http://[0-9.:]+", service.stdout.readline())[0]
        for part in (all_pages, the_age_question, help_by_country, codes_and_tokens, errors, the_way_out):
            part()
    finally:
        service.terminate()
        point("the service ends cleanly", [] if service.wait(20) == 0 else ["it did not"])
finish()
