"""The usual advice for Flask: a generator view with one Redis subscription per client."""

import os
from collections.abc import Iterator
from typing import Any

import redis
from flask import Flask, Response

app = Flask(__name__)


@app.get("/stream")
def stream() -> Response:
    return Response(_said(), mimetype="text/event-stream")


def _said() -> Iterator[str]:
    client: Any = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True, socket_timeout=None)
    with client, client.pubsub(ignore_subscribe_messages=True) as subscription:
        subscription.subscribe("score")
        subscription.get_message(timeout=None)
        yield ": subscribed\n\n"
        for message in subscription.listen():
            lines = "".join(f"data: {line}\n" for line in message["data"].splitlines())
            yield f"{lines}\n"
