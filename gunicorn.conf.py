"""How gunicorn serves Tablo: one gevent worker, streams that end cleanly, an access log that names no patient.

Of Tablo only the form of log lines is imported here: the worker patches the sockets first and then loads the rest.
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
STREAMS = int(os.environ.get("LIVE_STREAMS") or 15_000)
HEADS = STREAMS + 5_000
OBJECTS_BEFORE_COLLECTION = 20_000

bind = os.environ.get("BIND") or f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "live.worker.StreamWorker"
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
# An open stream holds one of these, and so does every request: streams must never use them up.
worker_connections = HEADS
backlog = 4096
# Longer than a page with its files takes, short enough that idle connections do not hold up a stop.
keepalive = 2
timeout = 30
graceful_timeout = int(os.environ.get("GRACEFUL_TIMEOUT", "30"))
# Otherwise gunicorn opens a socket in the home folder, which a service user may not have.
control_socket_disable = True
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
accesslog = "-"


class QuietLogger(Logger):
    """Logs paths without their query, where a receptionist's search for a name would stand."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """A malformed request's first line arrives inside the message."""
        super().warning(msg.partition("?")[0], *args, **kwargs)

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        if os.environ.get("LOG_FORMAT") == "json":
            for handler in (*self.error_log.handlers, *self.access_log.handlers):
                handler.setFormatter(JsonLines())

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        request = {
            "method": req.method,
            "path": req.path,
            "status": int(resp.status.split(None, 1)[0]),
            "milliseconds": round(request_time.total_seconds() * 1000, 1),
            "bytes": resp.sent,
        }
        words = "%(method)s %(path)s %(status)s %(milliseconds)s ms %(bytes)s bytes"
        self.access_log.info(words, request, extra={"fields": request})

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        without_query = [arg.partition("?")[0] if isinstance(arg, str) else arg for arg in args]
        super().exception(msg, *without_query, **kwargs)


logger_class = QuietLogger


def post_fork(server: Any, worker: Any) -> None:
    """A screen is a file descriptor; the usual soft limit of 1,024 is met before lunch."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = HEADS if hard == resource.RLIM_INFINITY else min(HEADS, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def post_worker_init(worker: Any) -> None:
    """What is loaded by now stays: looking through it for garbage again and again costs a tenth of a storm."""
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION, *gc.get_threshold()[1:])
    gevent.spawn(_end_streams_with, worker)


def _end_streams_with(worker: Any) -> None:
    """A stream never ends by itself: without this, every stop would last the whole grace period."""
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
    """Streams end with their connection, not in chunks: a killed server is then an end and not a broken answer, which
    browsers would print in the console. HTTP/2 has frames of its own."""
    if req.version < (2, 0) and STREAM.fullmatch(req.path):
        req.version = (1, 0)
