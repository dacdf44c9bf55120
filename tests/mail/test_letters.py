"""Letters of the desk by mail: sent once, whatever happens. Speaks TAP.

usage: test_letters.py LIKENESS LETTERS"""
import email
import email.policy
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, point  # noqa: E402

from sink import Sink  # noqa: E402

LIKENESS, LETTERS = sys.argv[1:3]
READY, HANDING, HANDED, RETRY, DEAD, UNCLEAR, BOUNCED, GIVEN = range(1, 9)
NOTICE_READY, DELIVERED, FAILED = 8, 9, 14


class Desk:
    """A store with letters, and a service that sends them."""

    def __init__(self, n, *words):
        self.home = tempfile.TemporaryDirectory(prefix="likeness-mail-")
        subprocess.run([LETTERS, self.home.name, str(n), *words], check=True)
        self.process = None

    def serve(self, url, *words):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [LIKENESS, "serve", "--listen", "127.0.0.1:0", "--data", self.home.name,
             "--mail-url", url, "--mail-from", "site@example.org",
             "--letters-from", "desk@example.org", "--letters-email", "answers@example.org",
             "--letters-organisation", "Zażółć Helpline", "--mail-every-seconds", "1", *words],
            stdout=subprocess.PIPE, stderr=self.log)
        self.process.stdout.readline()
        return self

    def ask(self, sql):
        store = sqlite3.connect(f"file:{self.home.name}/likeness.db", uri=True, timeout=20)
        with store:
            rows = store.execute(sql).fetchall()
        store.close()
        return rows

    def states(self):
        return [state for state, in self.ask("SELECT state FROM letter ORDER BY id")]

    def notices(self):
        return sorted({state for state, in self.ask("SELECT state FROM notice")})

    def until(self, states):
        """Waits for the letters to be in those states; says what they are in at last."""
        for _ in range(300):
            if self.states() == states:
                break
            time.sleep(0.1)
        return self.states()

    def hurry(self):
        self.ask("UPDATE letter SET next_ms = 1 WHERE next_ms > 1")

    def kill(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def problem(self):
        return self.ask("SELECT problem FROM letter")[0][0]


def differ(*pairs):
    return [f"{name}: {got!r}, not {wanted!r}" for name, got, wanted in pairs if got != wanted]


def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def long_lines(raw):
    return [line for line in raw.split(b"\r\n") if len(line) > 78]


def delivered():
    sink, desk = Sink(), Desk(2)
    desk.serve(sink.url)
    states = desk.until([HANDED, HANDED])
    due = desk.ask("SELECT count(*) FROM notice WHERE due_ms > 0 AND sent_ms > 0")[0][0]
    steps = desk.ask("SELECT count(*) FROM notice_step WHERE actor = 5")[0][0]
    point("letters are handed over once; their notices are delivered and their clocks run", differ(
        ("states", states, [HANDED, HANDED]), ("copies", len(sink.mails), 2),
        ("notices", desk.notices(), [DELIVERED]), ("clocks", due, 4), ("steps", steps, 4)))
    mail = parsed(sink.mails[0])
    ids = [row for row, in desk.ask("SELECT lower(hex(public_id)) FROM letter ORDER BY id")]
    body = mail.get_content()
    point("the mail is what the letter says", differ(
        ("envelope", sink.envelopes[0], ("desk@example.org", "abuse0@example.net")),
        ("from", mail["From"], "Zażółć Helpline <desk@example.org>"),
        ("to", mail["To"], "abuse0@example.net"), ("reply", mail["Reply-To"], "answers@example.org"),
        ("id", mail["Message-ID"], f"<letter.{ids[0]}@example.org>"),
        ("defects", mail.defects, []), ("type", mail.get_content_type(), "text/plain"),
        ("has the address", "https://cdn.example.net/p/2" in body, True),
        ("has the facts", "gęślą" in body, True), ("long lines", long_lines(sink.mails[0]), [])))
    desk.kill(signal.SIGTERM)
    log = desk.log.seek(0) or desk.log.read()
    point("the log names no address", differ(("names", b"example.net" in log, False)))


def host():
    sink, desk = Sink(), Desk(1, "host")
    desk.serve(sink.url)
    desk.until([HANDED])
    mail = parsed(sink.mails[0])
    parts = list(mail.iter_parts())
    feedback = parts[1].get_payload(0) if parts[1].is_multipart() else None
    report = json.loads(parts[2].get_content())
    point("a host gets a feedback report and an XARF report for each address", differ(
        ("type", mail["Content-Type"].params.get("report-type"), "feedback-report"),
        ("parts", [p.get_content_type() for p in parts],
         ["text/plain", "message/feedback-report", "application/json", "application/json"]),
        ("feedback", feedback and feedback["Feedback-Type"], "xarf"),
        ("uris", feedback and feedback.get_all("Reported-URI"),
         ["https://cdn.example.net/p/1", "https://cdn.example.net/p/2"]),
        ("category", (report["category"], report["type"]), ("content", "exposed_data")),
        ("source", report["source_identifier"], "cdn.example.net"),
        ("url", report["url"], "https://cdn.example.net/p/1"),
        ("contact", report["reporter"]["contact"], "answers@example.org"),
        ("long lines", long_lines(sink.mails[0]), [])))
    desk.kill()


def refused():
    sink, desk = Sink(), Desk(1)
    sink.answers["rcpt"] = "451 later"
    desk.serve(sink.url)
    states = desk.until([RETRY])
    problem = desk.problem()
    sink.answers.clear()
    desk.hurry()
    point("what is put off is tried again, and goes out once", differ(
        ("put off", states, [RETRY]), ("problem", problem, "the mail server answered 451"),
        ("after", desk.until([HANDED]), [HANDED]), ("copies", len(sink.mails), 1),
        ("notices", desk.notices(), [DELIVERED])))
    desk.kill()
    for phase, reply in (("rcpt", "550 no such user"), ("dot", "554 not this")):
        sink, desk = Sink(), Desk(1)
        sink.answers[phase] = reply
        desk.serve(sink.url)
        point(f"a letter refused for good at {phase} is dead, and its notices failed", differ(
            ("states", desk.until([DEAD]), [DEAD]), ("notices", desk.notices(), [FAILED]),
            ("problem", desk.problem(), f"the mail server answered {reply[:3]}")))
        desk.kill()
    sink, desk = Sink(), Desk(1)
    sink.answers["dot"] = "452 full"
    desk.serve(sink.url)
    states = desk.until([RETRY])
    sink.answers.clear()
    desk.hurry()
    point("a letter put off after its whole text is known not to be taken", differ(
        ("put off", states, [RETRY]), ("after", desk.until([HANDED]), [HANDED]),
        ("copies", len(sink.mails), 1)))
    desk.kill()
    sink, desk = Sink(), Desk(1)
    sink.answers["mail"] = "530 sign in first"
    desk.serve(sink.url)
    point("a server that wants another password kills no letter", differ(
        ("states", desk.until([RETRY]), [RETRY]), ("notices", desk.notices(), [NOTICE_READY])))
    desk.kill()


def down():
    sink, desk = Sink(), Desk(2)
    desk.serve("smtp://127.0.0.1:1")
    states = desk.until([RETRY, RETRY])
    desk.kill()
    desk.hurry()
    desk.serve(sink.url)
    point("a server that is down is waited for", differ(
        ("states", states, [RETRY, RETRY]), ("after", desk.until([HANDED] * 2), [HANDED] * 2),
        ("copies", len(sink.mails), 2)))
    desk.kill()
    desk = Desk(1)
    desk.ask("UPDATE letter SET n_tries = 17")
    desk.serve("smtp://127.0.0.1:1")
    point("after the last try the letter is dead and its notices failed", differ(
        ("states", desk.until([DEAD]), [DEAD]), ("notices", desk.notices(), [FAILED])))
    desk.kill()


def without_tls():
    sink, desk = Sink(), Desk(1)
    sink.answers["EHLO"] = "250-sink\r\n250 AUTH PLAIN LOGIN"
    desk.serve(sink.url.replace("://", "://desk:SECRETWORD@"))
    states = desk.until([RETRY])
    point("a password goes to no server without TLS, nor does the letter", differ(
        ("states", states, [RETRY]), ("mails", len(sink.mails), 0),
        ("said", {"AUTH", "MAIL"} & set(sink.verbs), set()),
        ("problem", desk.problem(), "the mail server did not take it: the server offers no TLS, and a password needs it")))
    desk.kill()
    desk.log.seek(0)
    point("and stands in no log", differ(("log", b"SECRETWORD" in desk.log.read(), False)))


def slow():
    sink, desk = Sink(), Desk(1)
    sink.hold_at("dot")
    desk.serve(sink.url)
    reached = sink.reached.wait(30)
    states = desk.states()
    subprocess.run([LETTERS, desk.home.name, "1"], check=True)
    sink.go()
    point("while a slow server keeps a letter it is being handed over, and the store stays open",
          differ(("reached", reached, True), ("states", states, [HANDING]),
                 ("after", desk.until([HANDED] * 2), [HANDED] * 2), ("copies", len(sink.mails), 2)))
    desk.kill()


def killed():
    """What the letter is after a kill at that phase, and after the next start; None: the kill may
    come before the text has left, or after."""
    after = {"body": HANDING, "taken": HANDED}
    for phase, then, copies in (("mail", [HANDED], 1), ("data", [HANDED], 1),
                                ("body", [UNCLEAR], None), ("dot", [UNCLEAR], 1),
                                ("taken", [HANDED], 1)):
        sink, desk = Sink(), Desk(1)
        sink.hold_at(phase)
        desk.serve(sink.url)
        reached = sink.reached.wait(30)
        if phase in after:
            desk.until([after[phase]])
        desk.kill()
        sink.go()
        desk.serve(sink.url)
        states = desk.until(then)
        time.sleep(1.2)  # another look for letters
        point(f"kill -9 at '{phase}': nothing is sent twice and nothing lost silently", differ(
            ("reached", reached, True), ("states", states, then), ("later", desk.states(), then),
            ("copies", len(sink.mails) if copies else len(sink.mails) < 2, copies or True),
            ("notices", desk.notices(), [DELIVERED] if then == [HANDED] else [NOTICE_READY])))
        desk.kill()


def closed():
    sink, desk = Sink(), Desk(1)
    sink.hold_at("data")
    desk.serve(sink.url)
    sink.reached.wait(30)
    desk.ask("DELETE FROM notice_step")
    desk.ask("DELETE FROM notice")
    desk.ask("DELETE FROM letter")
    sink.go()
    time.sleep(1.5)
    point("a letter that is gone at the last moment is not sent",
          differ(("copies", len(sink.mails), 0)))
    desk.kill(signal.SIGTERM)


def stopped():
    sink, desk = Sink(), Desk(1)
    sink.hold_at("mail")
    desk.serve(sink.url)
    sink.reached.wait(30)
    desk.kill(signal.SIGTERM)
    point("a service that is told to stop does not wait for a slow server", differ(
        ("exit", desk.process.returncode, 0), ("states", desk.states(), [RETRY]),
        ("copies", len(sink.mails), 0)))
    sink.go()


def came_back():
    sink, desk = Sink(), Desk(1)
    desk.serve(sink.url, "--bounce-address", "back@example.org")
    desk.until([HANDED])
    sender, message_id = sink.envelopes[0][0], parsed(sink.mails[0])["Message-ID"]

    def bounce(text):
        return subprocess.run([LIKENESS, "exchange", "bounce", "--data", desk.home.name],
                              input=text.encode(), capture_output=True).returncode
    forged = sender[:-len("0@example.org")] + ("1" if sender.split("@")[0][-1] == "0" else "0")
    failed = "From: MAILER-DAEMON@r.example\r\nTo: <{}>\r\n\r\nStatus: {}\r\n"
    quiet = [bounce(failed.format(sender, "4.4.7")), bounce(failed.format(sender, "2.0.0")),
             bounce(f"From: abuse@r.example\r\nTo: <{sender}>\r\n\r\nWe got it.\r\n"),
             bounce("From: postmaster@r.example\r\nAuto-Submitted: auto-replied\r\n"
                    f"To: <{sender}>\r\n\r\nAway.\r\n")]
    bad = [bounce(failed.format(forged + "@example.org", "5.1.1")) != 0,
           bounce("From: MAILER-DAEMON@r.example\r\n\r\nStatus: 5.1.1\r\n") != 0]
    point("delays, replies and forged addresses change nothing", differ(
        ("exits", quiet, [0] * 4), ("refused", bad, [True, True]), ("states", desk.states(), [HANDED]),
        ("notices", desk.notices(), [DELIVERED])))
    code = bounce(failed.format(sender, "5.1.1"))
    point("a letter that came back is told, and its notices failed", differ(
        ("exit", code, 0), ("states", desk.states(), [BOUNCED]), ("notices", desk.notices(), [FAILED])))
    desk.ask("UPDATE letter SET state = 3")
    code = bounce(f"From: MAILER-DAEMON@r.example\r\n\r\nno status\r\nMessage-ID: {message_id}\r\n")
    point("a letter is found by its Message-ID too",
          differ(("exit", code, 0), ("states", desk.states(), [BOUNCED])))
    desk.kill()


for part in (delivered, host, refused, down, without_tls, slow, killed, closed, stopped, came_back):
    part()
finish()
