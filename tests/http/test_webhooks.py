#!/usr/bin/env python3
"""Webhooks, as their receiver lives them: verified by the example of docs/formats/webhooks.md, slow,
broken, moved, gone; and by a service that is killed in the middle. usage: test_webhooks.py SERVE"""
import base64
import collections
import http.server
import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
import time

from lib import ROOT, Service, Tap, a_case, a_print, problem

sys.dont_write_bytecode = True
tap = Tap()
PAGE = os.path.join(ROOT, "docs", "formats", "webhooks.md")
with open(PAGE) as f:
    PAGE_TEXT = f.read()
example = {}
exec(re.search(r"```python\n(.*?)```", PAGE_TEXT, re.S).group(1), example)  # as a reader would
verify = example["verify"]
spec = importlib.util.spec_from_file_location("pack", os.path.join(ROOT, "tools", "verify_pack.py"))
pack = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pack)

Message = collections.namedtuple("Message", "path headers body")


class Receiver:
    """A server of a partner. `answers` is what each path answers: a status, or a function."""

    def __init__(self):
        self.got, self.answers = [], {}
        self.changed = threading.Condition()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                self.do_POST()

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with receiver.changed:
                    receiver.got.append(Message(self.path, headers, body))
                    receiver.changed.notify_all()
                    answer = receiver.answers.get(self.path, 204)
                status = answer(receiver) if callable(answer) else answer
                try:
                    self.send_response(status)
                    if status // 100 == 3:
                        self.send_header("Location", "/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    pass  # the sender was killed

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def until(self, path, n, seconds=40):
        """Waits until n messages came to a path."""
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.at(path)) >= n, seconds):
                raise AssertionError(f"{len(self.at(path))} of {n} messages came to {path}")
            return self.at(path)

    def at(self, path):
        return [m for m in self.got if m.path == path]


receiver = Receiver()


def hook(service, path, key="acme", **more):
    answer = service.post("/v1/webhooks", {"url": receiver.url(path), **more}, key=key)
    assert answer.status == 201, answer
    return answer.json()


def remove(service, made, key="acme"):
    assert service.request("DELETE", "/v1/webhooks/" + made["id"], key=key).status == 200


def ping(service, made, key="acme"):
    answer = service.request("POST", f"/v1/webhooks/{made['id']}/test", key=key)
    assert answer.status == 202, answer
    return answer.json()["message"]


def deliveries(service, made, key="acme"):
    return service.get(f"/v1/webhooks/{made['id']}/deliveries", key=key).json()["deliveries"]


def settled(service, made, message):
    """The newest try of a message, once there is one."""
    for _ in range(400):
        tries = [d for d in deliveries(service, made) if d["message"] == message]
        if tries:
            return tries[0]
        time.sleep(0.1)
    raise AssertionError("there was no try")


def letter(service, partner="acme"):
    """A case with two addresses, told to a partner by another process; its code."""
    out = subprocess.run([service.program, service.directory.name, "letter", partner],
                         capture_output=True, text=True, check=True)
    return out.stdout.strip()


@tap
def the_example_of_the_specification_holds_its_own_vector(_):
    body = re.search(r'^\{"type":"notice.created".*$', PAGE_TEXT, re.M).group(0).encode()
    secret, v1, whpk, v1a = re.search(
        r"^(whsec_\S+)\n(v1,\S+)\n(whpk_\S+)\n(v1a,\S+)$", PAGE_TEXT, re.M).groups()
    headers = {"webhook-id": "msg_f0e0d0c0b0a090807060504030201000",
               "webhook-timestamp": "1790000001", "webhook-signature": f"v1a,xxxx v1,AAAA {v1}"}
    assert verify(secret, headers, body, now=1790000301) == headers["webhook-id"]
    for wrong, now in (({}, 1790000302), ({}, 1789999700), ({"webhook-signature": v1[:-2] + "A="}, 0),
                       ({"webhook-id": "msg_1"}, 0), ({"webhook-timestamp": "1790000002"}, 0)):
        try:
            verify(secret, {**headers, **wrong}, body, now=now or 1790000001)
        except ValueError:
            continue
        raise AssertionError(f"{wrong} {now} passed")
    signed = b"msg_f0e0d0c0b0a090807060504030201000.1790000001." + body
    assert pack.is_signed(base64.b64decode(whpk[5:]), signed, base64.b64decode(v1a[4:]))


@tap
def a_letter_is_told_thin_and_signed_and_its_ids_lead_to_it(service):
    made = hook(service, "/thin", types=["notice.created", "notice.withdrawn"])
    code = letter(service)
    letters = service.get("/v1/notices?waiting=1", key="acme").json()["letters"]
    ids = {n["id"] for l in letters for n in l["notices"]}
    messages = receiver.until("/thin", 2)
    for m in messages:
        assert verify(made["secret"], m.headers, m.body) == m.headers["webhook-id"]
        assert m.headers["content-type"] == "application/json"
        body = json.loads(m.body)
        assert set(body) == {"type", "timestamp", "data"} and set(body["data"]) == {"id"}, body
        assert body["type"] == "notice.created" and body["data"]["id"] in ids
        assert service.get("/v1/notices/" + body["data"]["id"], key="acme").status == 200
    service.post("/v1/cases/withdraw", {"code": code})
    gone = [json.loads(m.body) for m in receiver.until("/thin", 4)[2:]]
    assert {g["type"] for g in gone} == {"notice.withdrawn"}
    assert {g["data"]["id"] for g in gone} <= ids
    assert {g["timestamp"][10:] for g in gone} == {"T00:00:00Z"}, gone
    remove(service, made)


@tap
def an_ed25519_webhook_is_verified_by_its_public_key(service):
    made = hook(service, "/ed", signature="ed25519")
    ping(service, made)
    m = receiver.until("/ed", 1)[0]
    version, signature = m.headers["webhook-signature"].split(",")
    signed = f"{m.headers['webhook-id']}.{m.headers['webhook-timestamp']}.".encode() + m.body
    assert version == "v1a"
    assert pack.is_signed(base64.b64decode(made["public_key"][5:]), signed,
                          base64.b64decode(signature))
    remove(service, made)


@tap
def after_a_rotation_both_secrets_verify(service):
    made = hook(service, "/rotated", types=["notice.overdue"])
    newer = service.request("POST", f"/v1/webhooks/{made['id']}/rotate", key="acme").json()
    ping(service, made)
    m = receiver.until("/rotated", 1)[0]
    assert len(m.headers["webhook-signature"].split()) == 2
    for secret in (made["secret"], newer["secret"]):
        verify(secret, m.headers, m.body)
    remove(service, made)


@tap
def a_failure_is_tried_again_under_the_same_id_and_both_are_in_the_log(service):
    receiver.answers["/flaky"] = lambda r: 503 if len(r.at("/flaky")) == 1 else 200
    made = hook(service, "/flaky", types=["feed.changed"])
    service.post("/v1/cases", a_case(a_print("flaky")))
    first, second = receiver.until("/flaky", 2)[:2]
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body and json.loads(first.body)["data"] == {}
    assert int(second.headers["webhook-timestamp"]) >= int(first.headers["webhook-timestamp"]) + 5
    for _ in range(100):
        log = deliveries(service, made)
        if len(log) == 2:
            break
        time.sleep(0.1)
    assert [(d["attempt"], d["status"], d["state"]) for d in log] == [
        (2, 200, "delivered"), (1, 503, "delivered")], log
    remove(service, made)


@tap
def a_redirect_is_not_followed(service):
    receiver.answers["/moved"] = 307
    made = hook(service, "/moved", types=["notice.overdue"])
    last = settled(service, made, ping(service, made))
    assert last["status"] == 307 and last["state"] == "given_up", last
    assert receiver.at("/elsewhere") == []
    remove(service, made)


@tap
def who_answers_410_is_told_nothing_more(service):
    receiver.answers["/gone"] = 410
    made = hook(service, "/gone", types=["notice.overdue"])
    assert settled(service, made, ping(service, made))["status"] == 410
    listed = service.get("/v1/webhooks", key="acme").json()["webhooks"]
    assert [(w["state"], w["reason"]) for w in listed] == [("disabled", "gone")], listed
    problem(service.request("POST", f"/v1/webhooks/{made['id']}/test", key="acme"), 409, "conflict")
    assert service.request("POST", f"/v1/webhooks/{made['id']}/enable", key="acme").status == 200
    receiver.answers["/gone"] = 200
    assert settled(service, made, ping(service, made))["state"] == "delivered"
    remove(service, made)


@tap
def a_name_that_leads_nowhere_or_inside_is_asked_nothing(service):
    came = len(receiver.got)
    for url, errors in (("https://likeness.invalid/", ("no_name",)),
                        (f"https://127.0.0.1.:{443}/", ("refused", "no_name")),
                        ("https://2130706433/", ("refused",))):
        answer = service.post("/v1/webhooks", {"url": url}, key="acme")
        if answer.status == 400:
            continue  # refused before it could be one
        made = answer.json()
        assert settled(service, made, ping(service, made))["error"] in errors
        remove(service, made)
    assert len(receiver.got) == came


@tap
def nothing_of_it_is_in_the_log(service):
    text = service.log_text()
    assert "webhooks" in text and "127.0.0.1" not in text and "/flaky" not in text


def killed(program):
    """A service that dies while a receiver holds its message, and at any other moment."""
    with Service(program, webhook_port=receiver.port) as service:
        open_gate = threading.Event()
        receiver.answers["/held"] = lambda _: 200 if open_gate.wait(30) else 200
        made = hook(service, "/held", types=["notice.created"])
        letter(service)
        held = receiver.until("/held", 1)[0]
        service.kill()
        open_gate.set()
        service.start()
        again = receiver.until("/held", 3)
        assert again[1].headers["webhook-id"] == held.headers["webhook-id"]
        for _ in range(3):  # more letters than one life sees out
            letter(service)
            letter(service)
            service.kill()
            service.start()
        letters = service.get("/v1/notices?limit=100", key="acme").json()["letters"]
        wanted = {n["id"] for l in letters for n in l["notices"]}
        assert len(wanted) == 14, len(wanted)
        for n in range(3, 60):
            told = {json.loads(m.body)["data"]["id"] for m in receiver.at("/held")}
            if told == wanted:
                break
            receiver.until("/held", n + 1)
        by_id = collections.defaultdict(set)
        for m in receiver.at("/held"):
            by_id[m.headers["webhook-id"]].add(m.body)
            verify(made["secret"], m.headers, m.body)
        assert told == wanted and len(by_id) == len(wanted), (len(told), len(by_id))
        assert all(len(bodies) == 1 for bodies in by_id.values())
        assert service.stop() == 0


def main():
    program = sys.argv[1]

    @tap
    def what_a_killed_service_was_sending_comes_again_and_nothing_is_lost(_):
        killed(program)

    with Service(program, webhook_port=receiver.port, case_burst=1000) as service:
        failed = tap.run(service)
        assert service.stop() == 0
    return failed > 0


sys.exit(main())
