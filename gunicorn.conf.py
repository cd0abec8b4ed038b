"""How gunicorn serves Tablo: one gevent worker, streams that end cleanly, an access log without patient data.

Only the log formats are imported here: the worker must patch the sockets before the rest of Tablo is loaded.
"""

import gc
import os
import re
import resource
from datetime import timedelta
from typing import Any

import gevent
from gunicorn.glogging import Logger

from logs import JsonLines

STREAM = re.compile(r"/live/.+|/api/clubs/[^/]+/events")
# Links that let anybody in: the rest of the path is the secret.
SECRET = re.compile(r"(/(?:waiting-room|calendar|score|password)/).*")
STREAMS = int(os.environ.get("LIVE_STREAMS") or 15_000)
HEADS = STREAMS + 5_000
OBJECTS_BEFORE_COLLECTION = 20_000

bind = os.environ.get("BIND") or f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "live.worker.StreamWorker"
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
# Every open stream and every request occupies one: streams must never use them all up.
worker_connections = HEADS
backlog = 4096
# Longer than a page with its assets takes, short enough that idle connections do not delay a stop.
keepalive = 2
timeout = 30
graceful_timeout = int(os.environ.get("GRACEFUL_TIMEOUT", "30"))
# Otherwise gunicorn opens a socket in the home directory, which a service user may not have.
control_socket_disable = True
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
accesslog = "-"


def told(text: str) -> str:
    """The text without the query string and without the secret of a link."""
    return SECRET.sub(r"\1…", text.partition("?")[0])


class QuietLogger(Logger):
    """Logs paths without their query string, which may contain a patient's name being searched, and without secrets."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """The first line of a malformed request is part of the message."""
        super().warning(told(msg), *args, **kwargs)

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        if os.environ.get("LOG_FORMAT") == "json":
            for handler in (*self.error_log.handlers, *self.access_log.handlers):
                handler.setFormatter(JsonLines())

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        request = {
            "method": req.method,
            "path": told(req.path),
            "status": int(resp.status.split(None, 1)[0]),
            "milliseconds": round(request_time.total_seconds() * 1000, 1),
            "bytes": resp.sent,
        }
        words = "%(method)s %(path)s %(status)s %(milliseconds)s ms %(bytes)s bytes"
        self.access_log.info(words, request, extra={"fields": request})

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        super().exception(msg, *(told(arg) if isinstance(arg, str) else arg for arg in args), **kwargs)


logger_class = QuietLogger


def post_fork(server: Any, worker: Any) -> None:
    """Raises the soft limit of file descriptors: every screen takes one, and the usual limit is 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = HEADS if hard == resource.RLIM_INFINITY else min(HEADS, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def post_worker_init(worker: Any) -> None:
    """Excludes everything loaded so far from garbage collection: scanning it costs a tenth of a fan-out."""
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION, *gc.get_threshold()[1:])
    gevent.spawn(_end_streams_with, worker)


def _end_streams_with(worker: Any) -> None:
    """Ends the streams when the worker stops; without this, every stop would last the whole grace period."""
    while worker.alive:
        gevent.sleep(0.1)
    live = worker.wsgi.extensions.get("live")
    if live is not None:
        live.drain(within=0.8 * graceful_timeout)
        live.close()
    watchers = worker.wsgi.extensions.get("watchers")
    if watchers is not None:
        watchers.close()


def pre_request(worker: Any, req: Any) -> None:
    """Streams are delimited by the connection, not chunked: if the server is killed, the response ends instead of
    breaking, which browsers would report in the console. HTTP/2 has its own framing."""
    if req.version < (2, 0) and STREAM.fullmatch(req.path):
        req.version = (1, 0)
