"""`flask push` notifies followers once, through a real push service, also when that fails."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Event

import pytest
from flask import Flask

from commands.messengers import PushMessenger
from commands.push import send_due
from extensions import db
from models.accounts import Language, SignIn, User
from models.base import utc_now
from models.club import Club, Follower, FollowersFull, Match, MatchPlan, Notice, NoticeState, follower, merge_players
from models.club.notice import LEASE, SETTLED
from rules.subscription import Subscription
from tests.support.players import match, play, player, to_score
from tests.support.push_service import PUSH_CONTACT, PUSH_KEY, PushService

BEGAN = "Началась партия: Иван Иванов — Петр Петров"
ENDED = "Иван Иванов — Петр Петров 11:4. Победа: Иван Иванов"
SOON = timedelta(minutes=1)
Asks = Callable[..., Follower]


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService().running() as service:
        yield service


@pytest.fixture
def follow(service: PushService, ours: Club) -> Asks:
    """A browser that has followed the club, or one of its players, since a minute ago."""

    def follows(name: str, whom: str = "", language: Language = Language.RUSSIAN, by: SignIn | None = None) -> Follower:
        browser = Follower.register(Subscription(**service.browser(name)), language, by)
        browser.follow(player(ours, whom) if whom else ours, utc_now() - SOON)
        db.session.commit()
        return browser

    return follows


def begin(ours: Club, madina: User, rallies: str = "", now: datetime | None = None) -> Match:
    now = now or utc_now() - 2 * SETTLED
    begun = match(ours, madina, now=now)
    play(begun, rallies, madina, now)
    db.session.commit()
    return begun


def tell() -> int:
    return send_due(PushMessenger(PUSH_KEY, PUSH_CONTACT, anywhere=True), Event())


def states() -> list[NoticeState]:
    db.session.rollback()
    return [notice.state for notice in db.session.scalars(db.select(Notice).order_by(Notice.id))]


def test_a_beginning_and_an_end_are_told_once(follow: Asks, service: PushService, ours: Club, madina: User) -> None:
    follow("dana", "Иван Иванов")
    begun = begin(ours, madina)
    assert [tell() for _round in range(3)] == [1, 0, 0]
    play(begun, to_score(11, 4), madina, utc_now() - 2 * SETTLED)
    db.session.commit()
    assert [tell() for _round in range(3)] == [1, 0, 0]
    assert service.received("dana") == [BEGAN, ENDED]
    shown = service.taken[-1][1]
    assert (shown["title"], shown["url"], shown["lang"]) == ("Клуб «Ракетка»", f"/matches/{begun.id}", "ru")
    headers = service.headers[-1]
    assert (headers["Content-Encoding"], headers["Topic"], headers["TTL"]) == ("aes128gcm", f"match-{begun.id}", "3600")
    assert headers["Authorization"].startswith("vapid t=")


def test_who_follows_both_players_and_the_club_is_told_once_in_their_language(
    follow: Asks, service: PushService, ours: Club, madina: User
) -> None:
    for whom in ("", "Иван Иванов", "Петр Петров"):
        follow("dana", whom, Language.ENGLISH)
    begin(ours, madina)
    assert tell() == 1
    assert service.received("dana") == ["The match has begun: Иван Иванов — Петр Петров"]


def test_a_match_of_others_and_one_that_began_before_are_no_news(
    follow: Asks, service: PushService, ours: Club, madina: User
) -> None:
    begin(ours, madina, now=utc_now() - 2 * SOON)
    follow("dana", "Иван Иванов")
    follow("aliya", "Болат Ахметов")
    begin(ours, madina)
    assert tell() == 1
    assert service.received("aliya") == []


def test_an_end_that_may_yet_be_taken_back_is_not_told(
    follow: Asks, service: PushService, ours: Club, madina: User
) -> None:
    follow("dana")
    ending = begin(ours, madina, to_score(10, 4))
    tell()
    play(ending, "A", madina, utc_now())
    db.session.commit()
    assert tell() == 0
    assert service.received("dana") == [BEGAN]


def test_what_is_over_by_now_is_told_by_its_end_alone(
    follow: Asks, service: PushService, ours: Club, madina: User
) -> None:
    follow("dana")
    quick = begin(ours, madina)
    Notice.fill_outbox(utc_now())
    play(quick, to_score(11, 4), madina, utc_now() - 2 * SETTLED)
    db.session.commit()
    assert tell() == 1
    assert service.received("dana") == [ENDED]


@pytest.mark.both_databases
def test_an_end_that_was_taken_back_and_reached_again_is_told_once(
    follow: Asks, service: PushService, ours: Club, madina: User
) -> None:
    follow("dana")
    ending = begin(ours, madina, to_score(10, 4) + "A")
    assert Notice.fill_outbox(utc_now()) == 1
    play(ending, "u", madina, utc_now())
    db.session.commit()
    assert tell() == 1
    play(ending, "A", madina, utc_now() - 2 * SETTLED)
    db.session.commit()
    assert [tell() for _round in range(2)] == [1, 0]
    assert service.received("dana") == [BEGAN, ENDED]


def test_one_who_was_merged_is_followed_in_the_other(
    follow: Asks, service: PushService, ours: Club, madina: User
) -> None:
    follow("dana", "Болат Ахметов")
    merge_players(player(ours, "Иван Иванов"), player(ours, "Болат Ахметов"), madina, utc_now())
    db.session.commit()
    plan = MatchPlan((player(ours, "Иван Иванов"),), (player(ours, "Петр Петров"),))
    Match.start(ours, plan, madina, utc_now() - 2 * SETTLED)
    db.session.commit()
    assert (tell(), service.received("dana")) == (1, [BEGAN])


def test_of_a_private_club_only_its_own_are_told_while_they_are(
    follow: Asks, service: PushService, ours: Club, madina: User
) -> None:
    own = SignIn.begin(madina, utc_now())
    follow("madina", by=own)
    follow("dana")
    ours.is_public = False
    begin(ours, madina)
    assert tell() == 1
    assert [service.received(name) for name in ("madina", "dana")] == [[BEGAN], []]
    own.end(utc_now())
    begin(ours, madina)
    assert tell() == 0


def test_a_browser_that_is_gone_is_forgotten(follow: Asks, service: PushService, ours: Club, madina: User) -> None:
    follow("dana")
    service.answer = 410
    begin(ours, madina)
    assert tell() == 0
    assert db.session.scalars(db.select(Follower)).all() == []
    assert states() == []


def test_a_busy_service_is_asked_again_later_and_a_silent_one_is_not(
    follow: Asks, service: PushService, ours: Club, madina: User
) -> None:
    follow("dana")
    service.answer = 503
    begin(ours, madina)
    tell()
    assert states() == [NoticeState.WAITING]
    db.session.scalars(db.select(Notice)).one().next_try_at = utc_now()
    db.session.commit()
    service.answer = 0
    tell()
    assert states() == [NoticeState.FAILED]


def test_one_that_a_killed_process_had_taken_is_not_sent_again(
    follow: Asks, service: PushService, ours: Club, madina: User
) -> None:
    follow("dana")
    begin(ours, madina)
    Notice.fill_outbox(utc_now())
    db.session.commit()
    [taken] = Notice.take(1, utc_now())
    taken.state_since = utc_now() - LEASE - SOON
    db.session.commit()
    assert tell() == 0
    assert (states(), service.taken) == ([NoticeState.FAILED], [])


def test_two_processes_do_not_tell_the_same(follow: Asks, service: PushService, ours: Club, madina: User) -> None:
    follow("dana")
    begin(ours, madina)
    assert [Notice.fill_outbox(utc_now()), Notice.fill_outbox(utc_now())] == [1, 0]
    db.session.commit()
    assert [len(Notice.take(9, utc_now())) for _process in range(2)] == [1, 0]


def test_who_stopped_following_is_told_nothing_more(
    follow: Asks, service: PushService, ours: Club, madina: User
) -> None:
    browser = follow("dana")
    begin(ours, madina)
    Notice.fill_outbox(utc_now())
    browser.leave(ours)
    db.session.commit()
    assert (tell(), service.taken) == (0, [])
    assert Follower.at(service.browser("dana")["endpoint"]) is None


def test_a_crowd_that_follows_has_an_end(follow: Asks, ours: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "MOST_FOLLOWERS", 1)
    follow("dana")
    follow("dana")
    with pytest.raises(FollowersFull):
        follow("aliya")


def test_the_command_needs_a_pair_of_keys(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    made = dict(line.split("=", 1) for line in run(args=["push", "key"]).output.split())
    assert "PUSH_KEY and PUSH_PUBLIC_KEY are not set" in run(args=["push", "once"]).output
    app.config.update(made, PUSH_CONTACT=PUSH_CONTACT)
    assert "0 sent" in run(args=["push", "once"]).output
    app.config["PUSH_KEY"] = PUSH_KEY
    assert "is not that of PUSH_KEY" in run(args=["push", "once"]).output
