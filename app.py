"""The application factory and the wiring. Importing it has no side effects; only the servers import this module."""

import logging
import os
import zoneinfo
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from time import time
from typing import Any

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from blueprints import accounts, audience, clinic, club, errors, health, navigation, organizations
from blueprints import live as live_door
from blueprints.replies import content_policy
from commands import accounts as accounts_command
from commands import demo, matches, prepare, push, reminders
from commands import live as live_command
from config import ROOT, Settings
from extensions import babel, compress, csrf, db, htmx, limiter, login, migrate
from live.admission import Admission
from live.announcement import Announcement
from live.buses.local import LocalBus
from live.buses.redis import RedisBus
from live.hub import Hub
from live.in_flight import InFlight
from live.registry import Registry, Topic
from live.store import Store
from live.watchers import OwnCounts, SharedCounts, Watchers
from logs import set_up_logs
from models.accounts import SignIn
from models.live_topic import (
    Change,
    Outbox,
    begin_snapshot,
    connect_outbox,
    newest_versions,
    next_moments,
    parts_newer_than,
    schedule,
    touch_due_parts,
    touch_later,
)
from models.postgresql import guard_postgresql
from models.sqlite import guard_sqlite

CHECK_SECONDS = 2.0
CHECK_SECONDS_WITHOUT_REDIS = 0.25
TRY_AGAIN = timedelta(seconds=10)
# So that no mistaken answer, nor a clock that jumps, makes a part change without end.
SOONEST = timedelta(seconds=1)

log = logging.getLogger("tablo.live")


def create_app(settings: Settings | None = None) -> Flask:
    """The application, with settings from the environment unless they are given. Raises BadSetting."""
    settings = settings or Settings.from_environment(os.environ)
    zoneinfo.reset_tzpath(to=[])
    set_up_logs(settings.log_format)
    app = Flask(__name__)
    _configure(app, settings)
    app.extensions["modules"] = []
    _bind_extensions(app)
    app.extensions["registry"] = Registry()
    wire_live(app, settings)
    for module in (errors, health, live_door, accounts, organizations, clinic, club):
        app.register_blueprint(module.blueprint)
    errors.handle_faults(app)
    navigation.prepare_templates(app)
    app.extensions["demo"] = demo.accounts_shown
    for group in (accounts_command, prepare, demo, live_command, reminders, matches, push):
        app.cli.add_command(group.command)
    app.after_request(_protect)
    return app


class RecordNumber(IntegerConverter):
    """A number that fits an integer column: a larger one in a URL is a 404."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": 2**31 - 1} | options)


def _configure(app: Flask, settings: Settings) -> None:
    app.url_map.converters["int"] = RecordNumber
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_pool(settings),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=1024 * 1024,
        BABEL_DEFAULT_LOCALE="ru",
        PASSWORD_COST=settings.password_cost,
        DEMO_PASSWORD=settings.demo_password,
        SIGN_IN_LIMIT=settings.sign_in_limit,
        RATELIMIT_STORAGE_URI=settings.redis_url.replace("unix://", "redis+unix://", 1) or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
    )
    _configure_messages(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _configure_messages(app: Flask, settings: Settings) -> None:
    app.config.update(
        MAIL_URL=settings.mail_url,
        MAIL_FROM=settings.mail_from,
        SMS_URL=settings.sms_url,
        SMS_TOKEN=settings.sms_token,
        PUSH_KEY=settings.push_key,
        PUSH_PUBLIC_KEY=settings.push_public_key,
        PUSH_CONTACT=settings.push_contact,
        PUSH_ANYWHERE=settings.push_anywhere,
    )


def _pool(settings: Settings) -> dict[str, object]:
    if settings.database_url.startswith("sqlite"):
        return {"pool_size": 20, "max_overflow": 100, "hide_parameters": True}
    return {"pool_size": 10, "max_overflow": 20, "hide_parameters": True}


def _bind_extensions(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for extension in (db, compress, csrf, htmx, limiter, login):
        extension.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=navigation.chosen_language)
    login.user_loader(SignIn.named)
    with app.app_context():
        guard = guard_sqlite if db.engine.dialect.name == "sqlite" else guard_postgresql
        guard(db.engine)


def wire_live(app: Flask, settings: Settings) -> None:
    """Gives the application a new hub with its bus, outbox and counters; the registered topic kinds stay."""
    registry: Registry = app.extensions["registry"]
    bus = RedisBus(settings.redis_url) if settings.redis_url else LocalBus()
    single = settings.redis_url or settings.processes == 1
    check_seconds = CHECK_SECONDS if single else CHECK_SECONDS_WITHOUT_REDIS
    hub = Hub(app, live_store(registry), bus, audience.permission(registry), check_seconds)
    app.extensions["live"] = hub if settings.live else None

    def state_of(topic: str, part: str) -> dict[str, object] | None:
        known = registry.topic(topic)
        return known.load(part) if known.kind.public else None

    if single:
        counts = SharedCounts(settings.redis_url) if settings.redis_url else OwnCounts()
        app.extensions["watchers"] = Watchers(hub, counts)
    app.extensions["admission"] = Admission(settings.live_streams, settings.live_connects_per_second)
    app.extensions["in_flight"] = InFlight()
    app.extensions["admit"] = partial(live_door.admit, app)
    app.extensions["start_sockets"] = partial(live_door.start_sockets, app)
    app.extensions["outbox"] = Outbox(state_of, lambda change: bus.announce(announcement_of(change)))
    connect_outbox()


def announcement_of(change: Change) -> Announcement:
    """A change that the models have just committed, in the form in which processes exchange it."""
    return Announcement(change.topic, change.version, change.parts, change.due_at, committed_at=time())


def live_store(registry: Registry) -> Store:
    """The database queries of the hub; when a part will next change by itself is asked of its kind of topic."""

    def plan(key: str, now: datetime) -> None:
        topic = registry.topic(key)
        moments = {part: topic.next_change(part, now) for part in topic.parts()}
        if due := {part: moment for part, moment in moments.items() if moment}:
            schedule(key, due)
            db.session.commit()

    def change_due_parts(topics: Collection[str], now: datetime) -> dict[str, datetime]:
        ready = [key for key in topics if _prepared(registry.topic(key))]
        claimed = touch_due_parts(ready, now)
        for topic in {topic for topic, _part in claimed}:
            registry.topic(topic).prepare()  # again, for what came in between; the topic is locked now
        for topic, part in claimed:
            if due_at := registry.topic(topic).next_change(part, now):
                touch_later(topic, part, max(due_at, now + SOONEST))
        db.session.commit()
        return dict.fromkeys(set(topics) - {*ready}, now + TRY_AGAIN) | next_moments(ready)

    return Store(newest_versions, parts_newer_than, plan, change_due_parts, begin_snapshot)


def _prepared(topic: Topic) -> bool:
    """Prepares a topic for its due parts; False if that failed, so that the other topics go on."""
    try:
        while topic.prepare():
            db.session.commit()
        db.session.commit()  # releases locks, so that nobody who writes to a topic waits for this
    except Exception:
        db.session.rollback()
        log.exception("%s could not be prepared for its due changes; trying again", topic.key)
        return False
    return True


def _protect(response: Response) -> Response:
    """Security and cache headers, unless the view has set its own."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", content_policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint == "static" and "v" in request.args:
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.endpoint == "static":
        headers["Cache-Control"] = "public, max-age=3600"
    else:
        headers.setdefault("Cache-Control", "private, no-cache")
    return response
