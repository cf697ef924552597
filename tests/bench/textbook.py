"""The textbook way, frozen: a room as the Channels tutorial teaches it, on stock daphne. Written once, then left alone.

AsyncJsonWebsocketConsumer, group_add, group_send, database_sync_to_async, get_or_create; TEXTBOOK_REDIS switches the
in-memory channel layer to Redis pub/sub.
"""

import os

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.db import database_sync_to_async  # noqa: E402
from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db.models import F  # noqa: E402
from django.urls import path  # noqa: E402

from webinars.models import Question, Vote  # noqa: E402

if os.environ.get("TEXTBOOK_REDIS"):
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [os.environ["TEXTBOOK_REDIS"]]},
        }
    }


class RoomConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self):
        self.webinar = self.scope["url_route"]["kwargs"]["webinar"]
        self.participant = self.scope["url_route"]["kwargs"]["participant"]
        self.group = f"room_{self.webinar}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content):
        if content["do"] == "ask":
            event = await self.ask(content)
        else:
            event = await self.vote(content)
        await self.send_json({"ref": content["ref"], "ok": {}})
        await self.channel_layer.group_send(self.group, {"type": "room.event", "event": event})

    async def room_event(self, message):
        await self.send_json(message["event"])

    @database_sync_to_async
    def ask(self, content):
        question, _ = Question.objects.get_or_create(
            participant_id=self.participant,
            client_id=content["client_id"],
            defaults={
                "webinar_id": self.webinar,
                "text": content["text"],
                "language": content["language"],
                "visibility": "published",
            },
        )
        return {"question": {"id": question.pk, "text": question.text, "votes": 0}}

    @database_sync_to_async
    def vote(self, content):
        _, created = Vote.objects.get_or_create(
            question_id=content["question"], participant_id=self.participant
        )
        if created:
            Question.objects.filter(pk=content["question"]).update(votes=F("votes") + 1)
        question = Question.objects.get(pk=content["question"])
        return {"question": {"id": question.pk, "text": question.text, "votes": question.votes}}


application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": AuthMiddlewareStack(
            URLRouter([path("ws/textbook/<int:webinar>/<int:participant>/", RoomConsumer.as_asgi())])
        ),
    }
)
