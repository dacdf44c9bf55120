#!/usr/bin/env python3
"""What hostile, slow and hasty clients get. usage: test_wire.py SERVE"""
import json
import socket
import subprocess
import sys
import threading
import time
from lib import Service, Tap, a_case, a_print, hex_of, problem, read_all

tap = Tap()
PROGRAM = sys.argv[1]

COMMON_HEADERS = (
    "content-security-policy", "referrer-policy", "x-content-type-options", "permissions-policy",
    "cross-origin-opener-policy", "cross-origin-embedder-policy", "cross-origin-resource-policy",
    "x-request-id", "cache-control",
)


def exchange(service, data, timeout=20):
    """Sends bytes, returns all that comes until the connection ends."""
    with service.connect(timeout) as sock:
        sock.sendall(data)
        return read_all(sock)


def status_of(data):
    return int(data.split()[1]) if data.startswith(b"HTTP/1.") else None


def closing(head, body=b""):
    return head.encode() + b"Host: x\r\nConnection: close\r\n\r\n" + body


def drip(service, first, seconds):
    """Sends a byte every 50 ms after `first`. Returns (what came, seconds until the end)."""
    start = time.monotonic()
    with service.connect() as sock:
        sock.sendall(first)
        sock.settimeout(0.05)
        got = b""
        while time.monotonic() - start < seconds:
            try:
                sock.send(b"a")
                piece = sock.recv(4096)
                if not piece:
                    break
                got += piece
            except socket.timeout:
                continue
            except OSError:
                break
    return got, time.monotonic() - start


@tap
def every_answer_carries_the_security_headers(service):
    for method, path in (("GET", "/livez"), ("GET", "/nothing"), ("GET", "/assets/style.css"),
                         ("DELETE", "/livez"), ("POST", "/v1/match"), ("GET", "/"), ("HEAD", "/")):
        answer = service.request(method, path)
        for name in COMMON_HEADERS:
            assert name in answer.headers, (path, name)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'") and "unsafe-inline" not in policy
        assert "set-cookie" not in answer.headers


@tap
def head_is_get_without_the_body(service):
    for path in ("/livez", "/", "/assets/style.css", "/nothing"):
        get, head = service.get(path), service.request("HEAD", path)
        assert head.status == get.status and head.body == b"", (path, head)
        assert head.headers["content-length"] == get.headers["content-length"], path


@tap
def another_method_is_405_with_allow(service):
    for method in ("DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "BREW"):
        answer = service.request(method, "/livez")
        assert answer.status == 405 and answer.headers["allow"] == "GET, HEAD", (method, answer)
    assert service.get("/v1/match").headers["allow"] == "POST"
    assert service.request("DELETE", "/case").headers["allow"] == "GET, HEAD, POST"


@tap
def people_get_pages_and_programs_get_problems(service):
    problem(service.get("/nothing"), 404, "not_found")
    problem(service.get("/v1/nothing", headers={"Accept": "text/html"}), 404, "not_found")
    page = service.get("/nothing", headers={"Accept": "text/html,*/*"})
    assert page.status == 404 and page.type == "text/html", page
    page = service.post("/case", "x=%zz",
                        headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert page.status == 400 and page.type == "text/html", page


@tap
def assets_are_found_by_name_alone(service):
    style = service.get("/assets/style.css")
    assert style.status == 200 and style.type == "text/css"
    assert style.headers["cache-control"] == "no-cache"
    same = service.get("/assets/style.css", headers={"If-None-Match": style.headers["etag"]})
    assert same.status == 304 and same.body == b"", same
    for path in ("/assets/../assets/style.css", "/assets/..%2f..%2fetc/passwd", "/assets//etc/passwd",
                 "/assets/%2e%2e/style.css", "/assets/style.css%00", "/assets/", "/assets",
                 "/assets/./style.css", "/assets/0000000000000000/style.css", "/%61ssets/style.css",
                 "//assets/style.css", "/livez%00", "/livez/", "/assets/" + "a" * 5000):
        data = exchange(service, closing(f"GET {path} HTTP/1.1\r\n"))
        assert status_of(data) == 404, (path, data[:80])


@tap
def a_page_names_assets_that_may_be_kept_for_ever(service):
    page = service.get("/").body.decode()
    urls = [word.split('"')[0] for word in page.split('"/assets/')[1:]]
    assert urls, "the page names no assets"
    for url in urls:
        answer = service.get("/assets/" + url)
        assert answer.status == 200 and "immutable" in answer.headers["cache-control"], url


@tap
def pipelined_requests_are_answered_in_order(service):
    data = exchange(service, b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n" * 2
                    + b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"
                    + closing("GET /nothing HTTP/1.1\r\n"))
    statuses = [int(part.split()[0]) for part in data.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200, 200, 200, 404], statuses
    assert data.index(b"ok\n") < data.index(b"ready\n")


@tap
def what_cannot_be_read_is_refused(service):
    assert status_of(exchange(service, b"GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n")) == 400
    for data in (b"\r\n\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00" + b"\0" * 100 + b"\r\n\r\n",
                 b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\0" * 50 + b"\r\n\r\n"):
        with service.connect(3) as sock:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            status = status_of(read_all(sock))
            assert status is None or 400 <= status < 600, (data, status)
    both = closing("POST /v1/cases HTTP/1.1\r\nContent-Type: application/json\r\n"
                   "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n")
    assert status_of(exchange(service, both)) in (400, None)
    two = closing("POST /v1/cases HTTP/1.1\r\nContent-Type: application/json\r\n"
                  "Content-Length: 2\r\nContent-Length: 3\r\n", b"{} ")
    assert status_of(exchange(service, two)) in (400, None)
    assert service.get("/livez").status == 200


@tap
def a_head_that_is_too_large_is_431(service):
    for head in ("X: " + "a" * 40000 + "\r\n", "".join(f"X{i}: y\r\n" for i in range(4000))):
        data = exchange(service, closing("GET /livez HTTP/1.1\r\n" + head))
        assert status_of(data) in (431, None), data[:80]
    data = exchange(service, closing("GET /" + "a" * 40000 + " HTTP/1.1\r\n"))
    assert status_of(data) in (414, 431, None), data[:80]
    cookies = closing("GET /livez HTTP/1.1\r\n" + "Cookie: a=b\r\n" * 100)
    assert status_of(exchange(service, cookies)) == 200


@tap
def a_chunked_body_is_bounded_while_it_arrives(service):
    head = ("POST /v1/cases HTTP/1.1\r\nContent-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n")
    good = b'13\r\n{"age":"adult","x":\r\n3\r\n[1]\r\n1\r\n}\r\n0\r\n\r\n'
    data = exchange(service, closing(head, good))
    assert status_of(data) == 400 and b"not known" in data, data
    data = exchange(service, closing(head, (b"10000\r\n" + b" " * 65536 + b"\r\n") * 20 + b"0\r\n\r\n"))
    assert status_of(data) == 413, data[:80]
    assert status_of(exchange(service, closing(head, b"zz\r\nxx\r\n"))) in (400, None)


@tap
def a_body_that_cannot_be_taken_is_not_asked_for(service):
    for head, status in (("Content-Length: 99999999\r\n", 413), ("Content-Length: 5\r\nX: y\r\n", 415)):
        kind = "application/json" if status == 413 else "text/plain"
        with service.connect() as sock:
            sock.sendall(closing(f"POST /v1/cases HTTP/1.1\r\nContent-Type: {kind}\r\n{head}"
                                 "Expect: 100-continue\r\n"))
            assert status_of(read_all(sock)) == status


@tap
def a_slow_head_is_cut_off_and_a_slow_body_is_408(service):
    got, seconds = drip(service, b"GET /livez HTTP/1.1\r\nX: ", 5)
    assert got == b"" and 0.5 < seconds < 3, (got, seconds)
    slow = (b"POST /v1/cases HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000\r\n\r\n")
    got, seconds = drip(service, slow, 5)
    assert status_of(got) == 408 and 0.5 < seconds < 3, (got, seconds)
    with service.connect() as sock:  # nothing at all
        start = time.monotonic()
        assert read_all(sock) == b"" and time.monotonic() - start < 3


@tap
def a_second_request_is_held_to_its_deadline_too(service):
    got, seconds = drip(service, b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HTTP/1.1\r\nX: ", 6)
    assert got.count(b"HTTP/1.1 200") == 1 and seconds < 4, (got, seconds)


@tap
def an_idle_connection_is_closed(service):
    with service.connect() as sock:
        sock.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        start = time.monotonic()
        assert status_of(read_all(sock)) == 200
        assert 0.8 < time.monotonic() - start < 4


@tap
def a_body_at_a_fair_pace_may_take_longer_than_the_grace(service):
    body = json.dumps(a_case(a_print("pace"))).encode().ljust(48000)
    with service.connect() as sock:
        sock.sendall(b"POST /v1/cases HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: "
                     b"application/json\r\nContent-Length: 48000\r\n\r\n")
        for at in range(0, 48000, 4000):  # 12 pieces in 1.2 s: 40 kB/s, over the 8 kB/s asked for
            sock.sendall(body[at:at + 4000])
            time.sleep(0.1)
        assert status_of(read_all(sock)) == 201


@tap
def slow_clients_do_not_keep_others_waiting(service):
    slow = [service.connect() for _ in range(100)]
    try:
        for i, sock in enumerate(slow):
            sock.sendall(b"GET /li" if i % 2 else b"POST /v1/cases HTTP/1.1\r\nHost: x\r\nContent-"
                         b"Type: application/json\r\nContent-Length: 9\r\n\r\n{")
        worst = 0
        for _ in range(20):
            start = time.monotonic()
            assert service.get("/livez").status == 200
            worst = max(worst, time.monotonic() - start)
        assert worst < 0.5, worst
    finally:
        for sock in slow:
            sock.close()


@tap
def requests_give_their_memory_back(service):
    for _ in range(50):
        service.post("/v1/match", {"prints": [hex_of(a_print("memory"))]}, key="acme")
    time.sleep(0.2)
    assert gauge(service, "likeness_http_bytes") < 1 << 20


def gauge(service, name):
    return int(service.get("/metrics").body.decode().split(f"\n{name} ")[1].split()[0])


@tap
def a_client_that_does_not_read_is_cut_off(service):
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", service.port))
        sock.settimeout(1)
        try:
            sock.sendall(b"GET /assets/style.css HTTP/1.1\r\nHost: x\r\n\r\n" * 2000)  # 20 MB of answers
        except OSError:
            pass
        assert gauge(service, "likeness_http_connections") >= 2
        deadline = time.monotonic() + 8
        while gauge(service, "likeness_http_connections") > 1:
            assert time.monotonic() < deadline, "still connected"
            time.sleep(0.2)


@tap
def the_memory_of_all_requests_is_bounded(_):
    with Service(PROGRAM, memory_max=5 << 20) as service:
        head = (b"POST /v1/cases HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Content-Length: 1000000\r\n\r\n")
        held = []
        for _ in range(6):
            sock = service.connect()
            sock.sendall(head + b" " * 900000)
            held.append(sock)
        time.sleep(0.3)
        assert gauge(service, "likeness_http_bytes") <= 5 << 20
        statuses = []
        for sock in held:
            sock.sendall(b" " * 100000)
            statuses.append(status_of(sock.recv(65536)))
            sock.close()
        assert set(statuses) == {400, 503}, statuses  # blank JSON where there was room
        assert service.get("/livez").status == 200


@tap
def pages_of_people_leave_no_line_in_the_log(_):
    with Service(PROGRAM, debug=1) as service:
        code = service.post("/v1/cases", a_case(a_print(1), texts=[{"kind": "location", "text": "a-place"}])).json()["code"]
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for path in ("/", "/start", "/help", "/fingerprint", "/case", "/leave", "/no-such-page"):
            service.get(path)
        for path, body in (("/case", "code=" + code.replace(" ", "")), ("/case", "code=1"),
                           ("/help", "country=gb"), ("/case/withdraw", "token=x")):
            service.post(path, body, headers=form)
        service.get("/v1/matches?state=found", key="acme")
        service.stop()
        text = service.log_text()
        lines = [line for line in text.splitlines() if "event=request" in line]
        assert len(lines) == 1 and "route=/v1/matches " in lines[0], text
        for personal in (service.keys["acme"], "acme", "127.0.0.1", "a-place", "state=found"):
            assert personal not in text, text


@tap
def a_revoked_key_ends_within_five_seconds(_):
    with Service(PROGRAM) as service:
        assert service.get("/v1/matches", key="acme").status == 200
        subprocess.run([PROGRAM, service.directory.name, "revoke", "acme"], check=True)
        time.sleep(2.5)
        problem(service.get("/v1/matches", key="acme"), 401, "denied")
        assert service.get("/v1/matches", key="other").status == 200


@tap
def only_wrong_keys_count_as_tries(_):
    with Service(PROGRAM, key_burst=1, key_per_minute=1) as service:
        keys = ("acme", "other", "lk_" + "x" * 43, "lk_" + "y" * 43)
        assert [service.get("/v1/matches", key=k).status for k in keys] == [200, 200, 401, 429]


@tap
def one_address_has_so_many_connections_and_no_more(_):
    with Service(PROGRAM, per_address_max=10) as service:
        held = [service.connect() for _ in range(10)]
        for sock in held:
            sock.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            assert status_of(sock.recv(4096)) == 200
        with service.connect(3) as sock:
            try:
                sock.sendall(closing("GET /livez HTTP/1.1\r\n"))
            except OSError:
                pass
            assert read_all(sock) == b""
        for sock in held:
            sock.close()
        time.sleep(0.3)
        assert service.get("/livez").status == 200


@tap
def behind_a_proxy_the_address_is_the_last_hop(_):
    wrong = {"code": "0000 0000 0000 0000 0000 98"}

    def tries(service, *hops):
        return [service.post("/v1/cases/status", wrong, headers={"X-Forwarded-For": hop}).status
                for hop in hops]

    with Service(PROGRAM, trusted_proxy=1, code_burst=1) as service:
        assert tries(service, "9.9.9.9, 10.0.0.1", "9.9.9.9, 10.0.0.2") == [403, 403]
        body = json.dumps(wrong)
        twice = closing("POST /v1/cases/status HTTP/1.1\r\nContent-Type: application/json\r\n"
                        "X-Forwarded-For: 7.7.7.7\r\nX-Forwarded-For: 10.0.0.1\r\n"
                        f"Content-Length: {len(body)}\r\n", body.encode())
        assert status_of(exchange(service, twice)) == 429  # the last line is the proxy's
        assert tries(service, "8.8.8.8, 10.0.0.1", "2001:db8::1", "2001:db8::2") == [429, 403, 429]
        assert tries(service, "::ffff:10.0.0.3", "::ffff:10.0.0.4", "10.0.0.3") == [403, 403, 429]
    with Service(PROGRAM, code_burst=1) as service:
        assert tries(service, "10.0.0.1", "10.0.0.2") == [403, 429]


@tap
def an_ipv4_visitor_counts_as_one_whatever_socket_sees_it(_):
    body = json.dumps({"code": "0000 0000 0000 0000 0000 98"})
    head = ("POST /v1/cases/status HTTP/1.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n")

    def attempt(service, source):
        with socket.create_connection(("127.0.0.1", service.port), 20, (source, 0)) as sock:
            sock.sendall(closing(head, body.encode()))
            return status_of(read_all(sock))

    if socket.has_dualstack_ipv6():
        with Service(PROGRAM, both_families=1, code_burst=1) as service:
            sources = ("127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.2")
            assert [attempt(service, s) for s in sources] == [403, 429, 403, 429]


def in_background(function, *arguments):
    results = []
    thread = threading.Thread(target=lambda: results.append(function(*arguments)))
    thread.start()
    return thread, results


@tap
def a_full_queue_is_told_at_once(_):
    with Service(PROGRAM, n_workers=1, queue_max=1, argon_ops=600, argon_at_once=9) as service:
        waiting = []
        for i in range(2):
            waiting.append(in_background(service.post, "/v1/cases", a_case(a_print(i))))
            time.sleep(0.15)
        answer = service.post("/v1/cases", a_case(a_print(9)))
        assert waiting[1][0].is_alive(), "it was told only after the others were done"
        problem(answer, 503, "busy")
        assert answer.headers["retry-after"] == "1"
        assert service.get("/livez").status == 200
        for thread, results in waiting:
            thread.join()
            assert results[0].status == 201, results


@tap
def codes_are_checked_a_few_at_a_time(_):
    with Service(PROGRAM, n_workers=4, argon_ops=200, argon_at_once=1) as service:
        thread, results = in_background(service.post, "/v1/cases", a_case(a_print(1)))
        time.sleep(0.15)
        answer = service.post("/v1/cases", a_case(a_print(2)))
        problem(answer, 429, "busy")
        assert answer.headers["retry-after"] == "1"
        thread.join()
        assert results[0].status == 201, results


@tap
def only_wrong_codes_count_as_tries(_):
    with Service(PROGRAM, code_burst=1) as service:
        right = {"code": service.post("/v1/cases", a_case(a_print(1))).json()["code"]}
        wrong = {"code": "0000 0000 0000 0000 0000 98"}
        answers = [service.post("/v1/cases/status", c).status for c in (right, right, wrong, right)]
        assert answers == [200, 200, 403, 429], answers


@tap
def a_code_that_was_not_checked_costs_no_try(_):
    wrong = {"code": "0000 0000 0000 0000 0000 98"}
    with Service(PROGRAM, n_workers=4, argon_ops=200, argon_at_once=1, code_burst=1) as service:
        thread, results = in_background(service.post, "/v1/cases", a_case(a_print(1)))
        time.sleep(0.15)
        problem(service.post("/v1/cases/status", wrong), 429, "busy")
        thread.join()
        assert results[0].status == 201, results
        problem(service.post("/v1/cases/status", wrong), 403, "denied")
        problem(service.post("/v1/cases/status", wrong), 429, "busy")


@tap
def what_is_in_flight_is_finished_before_the_end(_):
    with Service(PROGRAM, argon_ops=200) as service:
        idle = service.connect()
        thread, results = in_background(service.post, "/v1/cases", a_case(a_print(1)))
        time.sleep(0.2)
        start = time.monotonic()
        assert service.stop() == 0
        thread.join()
        assert results and results[0].status == 201, results
        assert time.monotonic() - start < 6
        idle.close()


@tap
def a_client_that_stalls_does_not_stop_the_end(_):
    with Service(PROGRAM, drain_ms=500) as service:
        with service.connect() as sock:
            sock.sendall(b"POST /v1/cases HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                         b"Content-Length: 9\r\n\r\n{")
            time.sleep(0.1)
            start = time.monotonic()
            assert service.stop() == 0
            assert time.monotonic() - start < 3


def main():
    settings = dict(head_ms=600, body_ms=600, idle_ms=1000, tick_ms=50, per_address_max=200,
                    case_burst=10000, code_burst=10000)
    with Service(PROGRAM, **settings) as service:
        failed = tap.run(service)
        assert service.stop() == 0, service.log_text()
    return failed > 0


sys.exit(main())
