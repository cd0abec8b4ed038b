"""deploy/nginx.conf in a real nginx with real processes behind it."""

import json
import re
import socket
import ssl
from http.client import HTTPConnection

import pytest

from tests.deploy.conftest import Racket, away
from tests.support.site import STREAMS_OF_AN_ADDRESS, Site
from tests.support.waiting import wait_until

STREAM = "/live/club/1?view=json&since=0&language=ru"
EVENTS = "/api/clubs/1/events?since=0"
WAIT = re.compile(r"retry: (\d+)\nevent: wait\ndata: later\n\n")
NAME = "%D0%90%D1%85%D0%BC%D0%B5%D1%82%D0%BE%D0%B2"


def opened(site: Site, door: str) -> float:
    return sum(each.metric(f'tablo_streams_opened_total{{door="{door}"}}') for each in site.live)


def plain(port: int, path: str) -> tuple[int, str, str]:
    """Status, redirect target and body of a request without TLS."""
    connection = HTTPConnection("localhost", port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.getheader("Location", ""), text


def test_the_configuration_is_good(site: Site) -> None:
    assert "test is successful" in site.nginx.complaints()


def test_the_browser_is_offered_http_2(site: Site) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", site.nginx.port), timeout=20) as connection,
        context.wrap_socket(connection, server_hostname="localhost") as secured,
    ):
        assert secured.selected_alpn_protocol() == "h2"


def test_who_comes_without_tls_is_sent_to_it(site: Site) -> None:
    assert plain(site.plain_port, "/clubs/1?day=2")[:2] == (301, "https://localhost/clubs/1?day=2")


def test_a_page_comes_and_its_cookie_stays_on_tls(site: Site) -> None:
    answer = site.get("/sign-in")
    assert answer.status == 200
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"]


def test_static_files_are_small_and_kept(site: Site) -> None:
    named = site.get("/static/js/live.js?v=0123456789ab", **{"Accept-Encoding": "identity"})
    assert (named.status, named.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert named.headers["content-type"].startswith("text/javascript")
    assert site.get("/static/js/live.js").headers["cache-control"] == "public, max-age=3600"
    assert site.get("/static/fonts/onest-cyrillic.woff2", method="HEAD").headers["content-type"] == "font/woff2"
    packed = site.get("/static/css/tokens.css", method="HEAD", **{"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"


def test_figures_are_for_the_machine_itself_and_told_for_each_process(site: Site) -> None:
    assert site.get("/metrics").status == 404
    for name in ("web-1", "live-1", "live-2"):
        status, _, text = plain(site.metrics_port, f"/{name}")
        assert (status, "tablo_listeners" in text) == (200, True)
    assert plain(site.metrics_port, "/secrets")[0] == 404


@pytest.mark.parametrize("path", [STREAM, EVENTS])
def test_what_is_sent_comes_at_once(site: Site, club: Racket, path: str) -> None:
    listening = site.listen(path)
    assert listening.answer.getheader("Content-Type") == "text/event-stream; charset=utf-8"
    assert listening.receives("event: hello")
    assert listening.receives(club.change())
    assert listening.receives(club.change())


@pytest.mark.parametrize("path", [STREAM, EVENTS])
def test_a_stream_behind_nginx_is_taken_over(site: Site, path: str) -> None:
    before = opened(site, "view") + opened(site, "accept")
    listening = [site.listen(path) for _ in range(8)]
    assert all(each.receives("event: hello") for each in listening)
    assert opened(site, "view") + opened(site, "accept") == before + 8
    assert opened(site, "iterator") == 0


def test_streams_are_shared_out_evenly_and_forgotten_with_their_browsers(site: Site) -> None:
    listening = [site.listen(STREAM) for _ in range(10)]
    assert all(each.receives("event: hello") for each in listening)
    assert [each.metric("tablo_listeners") for each in site.live] == [5, 5]
    site.close_streams()
    wait_until(lambda: site.listeners() == 0)


def test_one_address_has_so_many_streams_and_the_next_is_told_to_wait(site: Site) -> None:
    listening = [site.listen(STREAM) for _ in range(STREAMS_OF_AN_ADDRESS)]
    assert all(each.receives("event: hello") for each in listening)
    assert WAIT.fullmatch(site.get(STREAM).text)
    assert site.get("/healthz").text == "ok"


def test_new_pages_are_served_without_cutting_a_stream(site: Site, club: Racket) -> None:
    listening = site.listen(STREAM)
    assert listening.receives("event: hello")
    site.web.stop()
    site.web.start()
    assert listening.receives(club.change())
    assert site.get("/clubs/1").status == 200


def test_with_the_streams_away_listeners_are_told_to_wait_and_pages_come(site: Site) -> None:
    with away(*site.live):
        answers = [site.get(path) for path in (STREAM, EVENTS) * 10]
        assert {(each.status, each.headers["content-type"]) for each in answers} == {(200, "text/event-stream")}
        assert [each.headers.get("access-control-allow-origin") for each in answers[:2]] == [None, "*"]
        retries = [int(found[1]) for each in answers if (found := WAIT.fullmatch(each.text))]
        assert len(retries) == len(answers)
        assert len(set(retries)) > 3
        assert 1_000 <= min(retries) <= max(retries) <= 4_000
        assert "ok" not in site.get("/healthz/live").text
        assert site.get("/healthz").text == "ok"
        assert site.get("/clubs/1").status == 200
    assert site.get("/healthz/live").text == "ok"


def test_with_one_of_two_away_the_other_takes_all(site: Site, club: Racket) -> None:
    with away(site.live[0]):
        listening = [site.listen(STREAM) for _ in range(4)]
        words = club.change()
        assert all(each.receives(words) for each in listening)


def test_with_the_pages_away_one_is_told_so_and_streams_go_on(site: Site, club: Racket) -> None:
    listening = site.listen(STREAM)
    assert listening.receives("event: hello")
    with away(site.web):
        answer = site.get("/clubs/1")
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert '<meta http-equiv="refresh" content="10">' in answer.text
        assert all(words in answer.text for words in ("Сейчас вернёмся", "Қазір ораламыз", "Back in a moment"))
        told = site.get("/api/clubs/1/matches")
        assert (told.status, told.headers["retry-after"], told.headers["access-control-allow-origin"]) == (
            503,
            "5",
            "*",
        )
        assert json.loads(told.text) == {"version": 1, "error": "service unavailable"}
        assert not re.search(r"\bok\b", site.get("/healthz").text)
        assert listening.receives(club.change())
    assert site.get("/clubs/1").status == 200


def test_a_form_that_got_no_answer_is_not_reloaded(site: Site) -> None:
    with away(site.web):
        answer = site.get("/sign-in", method="POST")
        assert answer.status == 503
        assert "refresh" not in answer.text
        assert all(words in answer.text for words in ("Ответа нет", "Жауап жоқ", "No answer"))


def test_the_pages_for_an_absence_cannot_be_asked_for(site: Site) -> None:
    assert [site.get(path).status for path in ("/away.html", "/away.json", "/unsent.html")] == [404] * 3


def test_no_log_names_a_patient(site: Site) -> None:
    site.get(f"/patients?search={NAME}", Referer=f"https://localhost/patients?search={NAME}")
    site.get("/calendar/s3cret.ics?again")
    with away(site.web, *site.live):
        site.get(f"/patients?search={NAME}")
        site.get(f"/live/club/1?search={NAME}")
    assert '"GET /patients HTTP/1.1" 503' in site.logs()
    assert "search" not in site.logs()
    assert "s3cret" not in site.logs() + site.web.log()
    assert "search" not in site.web.log()
