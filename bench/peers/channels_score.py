"""The club's first version: a websocket consumer of Django Channels that forwards each score to the club's group."""

import json
import os
from typing import Any

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import re_path

settings.configure(
    SECRET_KEY="a key for the bench only",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["daphne", "channels"],
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [os.environ["REDIS_URL"]]},
        }
    },
)
django.setup()
urlpatterns: list[object] = []


class FriendlyGameConsumer(AsyncWebsocketConsumer):
    """One screen of a club, or the phone that scores."""

    async def connect(self) -> None:
        self.group = f"friendly_game_{self.scope['url_route']['kwargs']['club_id']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str = "", bytes_data: bytes = b"") -> None:
        message = {"type": "game_update", "game_data": json.loads(text_data)["game_data"]}
        await self.channel_layer.group_send(self.group, message)

    async def game_update(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps({"type": "game_update", "game_data": event["game_data"]}))


screens = URLRouter([re_path(r"ws/friendly_game/(?P<club_id>\d+)/$", FriendlyGameConsumer.as_asgi())])
application = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": screens})
