"""The trial page's own routes: what it shows, what happens meanwhile, and what the person does."""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.trial.chats import Chat, Json, Message
from bot.trial.clock import AlreadyPlaying, Coach, TrialClock, tomorrow_morning
from bot.trial.same_origin import HEADERS, Unwelcome, check_host, read_body
from bot.trial.server import TelegramServer
from bot.trial.shown_message import shown

log = logging.getLogger(__name__)

Body = dict[str, Any]
_PAGE = Path(__file__).parent / "page"
_LONGEST_TEXT = 4096
_SHOWN_PICTURES = ("image/png", "image/jpeg")


class TrialPage:
    """Joins the server, the clock and the coach; `app` serves the page and the Bot API together."""

    def __init__(
        self, server: TelegramServer, clock: TrialClock, coach: Coach, *, first_person: str = "Person 1"
    ) -> None:
        self.server = server
        self.clock = clock
        self.coach = coach
        self.mistakes: Sequence[str] = ()
        """What is wrong in the content while the last good content runs."""
        if not server.state.chats:
            server.add_person(first_person)
        acts = {
            "type": self._type,
            "edit": self._edit,
            "tap": self._tap,
            "location": self._location,
            "sticker": self._sticker,
            "voice": self._voice,
            "photo": self._photo,
            "person": self._person,
            "clock": self._play,
            "start_over": self._start_over,
        }
        self.routes = [
            Route("/", _guarded(_sends(_PAGE / "index.html"))),
            *(Route(f"/trial/page/{file.name}", _guarded(_sends(file))) for file in sorted(_PAGE.iterdir())),
            Route("/trial/state", _guarded(self._state)),
            Route("/trial/events", _guarded(self._events)),
            Route("/trial/file/{id}", _guarded(self._download)),
            *(Route(f"/trial/{name}", _posted(act), methods=["POST"]) for name, act in acts.items()),
        ]
        self.app = Starlette(routes=[*server.routes, *self.routes])
        self.app.state.streams = server

    async def _state(self, request: Request) -> Response:
        chats = [chat for chat in self.server.state.chats.values() if chat.kind == "private"]
        return JSONResponse(
            {
                "bot": {
                    "name": self.server.state.bot["first_name"],
                    "description": self.server.state.descriptions.get("description", ""),
                },
                "clock": self._clock_told(),
                "mistakes": list(self.mistakes),
                "people": [await self._person_told(chat) for chat in chats],
            }
        )

    async def _events(self, request: Request) -> Response:
        return StreamingResponse(self._happenings(), media_type="text/event-stream")

    async def _happenings(self) -> AsyncIterator[str]:
        with self.server.state.events.subscription() as happenings:
            yield "retry: 1000\n\n"
            async for event in happenings:
                if isinstance(message := event.get("message"), Message):
                    if message.chat_id < 0:
                        continue  # the page shows people, not groups
                    zone = await self.coach.zone_of(message.chat_id)
                    event = event | {
                        "chat_id": message.chat_id,
                        "message": shown(message),
                        "zone": zone,
                    }
                yield f"data: {json.dumps(event)}\n\n"

    async def _download(self, request: Request) -> Response:
        file = self.server.state.files.get(request.path_params["id"])
        if file is None:
            raise Unwelcome(404, "gone")
        if file.mime in _SHOWN_PICTURES:
            return Response(file.content, media_type=file.mime)
        disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
        return Response(
            file.content, media_type="application/octet-stream", headers={"Content-Disposition": disposition}
        )

    async def _type(self, body: Body) -> Json:
        text = str(body["text"]).strip()
        if not 0 < len(text) <= _LONGEST_TEXT:
            raise Unwelcome(400, "too_long")
        return {"message_id": self.server.type(_chat(body), text, body.get("reply_to"))}

    async def _edit(self, body: Body) -> Json:
        text = str(body["text"]).strip()
        if not 0 < len(text) <= _LONGEST_TEXT:
            raise Unwelcome(400, "too_long")
        self.server.edit(_chat(body), int(body["message_id"]), text)
        return {}

    async def _tap(self, body: Body) -> Json:
        return {"tap": self.server.tap(_chat(body), int(body["message_id"]), str(body["data"]))}

    async def _location(self, body: Body) -> Json:
        lat, lon = float(body["lat"]), float(body["lon"])
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise Unwelcome(400, "place")
        return {"message_id": self.server.share_location(_chat(body), lat, lon)}

    async def _sticker(self, body: Body) -> Json:
        return {"message_id": self.server.send_sticker(_chat(body))}

    async def _voice(self, body: Body) -> Json:
        return {"message_id": self.server.send_voice(_chat(body))}

    async def _photo(self, body: Body) -> Json:
        return {"message_id": self.server.send_photo_from_person(_chat(body))}

    async def _person(self, body: Body) -> Json:
        name = str(body["name"]).strip()[:64]
        if not name:
            raise Unwelcome(400, "name")
        return {"chat_id": self.server.add_person(name, str(body.get("language") or "en")[:8])}

    async def _play(self, body: Body) -> Json:
        until = await self._destination(body)
        if until is None:
            raise Unwelcome(409, "nothing_planned")
        await self.clock.play(until, self.coach, self._tell_clock)
        return {}

    async def _start_over(self, body: Body) -> Json:
        if self.clock.playing_until:
            raise AlreadyPlaying
        people = [chat for chat in self.server.state.chats.values() if chat.kind == "private"]
        self.server.forget_everything()
        await self.coach.start_over()
        for person in people:
            self.server.add_person(person.name, person.language_code)
        self.server.state.events.publish("started_over")
        return {}

    async def _destination(self, body: Body) -> datetime | None:
        chat_id = _chat(body)
        if body["to"] == "next_check_in":
            return await self.coach.next_check_in()
        if body["to"] == "end_of_week":
            return await self.coach.end_of_week(chat_id)
        if body["to"] == "tomorrow":
            zone = await self.coach.zone_of(chat_id) or str(body.get("zone") or "UTC")
            return tomorrow_morning(self.clock.now(), _known_zone(zone))
        raise Unwelcome(400, "to")

    def tell_content(self, mistakes: Sequence[str]) -> None:
        """Content was read anew: what is wrong in it, or nothing."""
        self.mistakes = mistakes
        self.server.state.events.publish("content", mistakes=list(mistakes))

    def _tell_clock(self) -> None:
        self.server.state.events.publish("clock", clock=self._clock_told())

    def _clock_told(self) -> Json:
        until = self.clock.playing_until
        return {"now": self.clock.now().isoformat(), "until": until.isoformat() if until else None}

    async def _person_told(self, chat: Chat) -> Json:
        return {
            "chat_id": chat.id,
            "name": chat.name,
            "zone": await self.coach.zone_of(chat.id),
            "commands": self.server.commands(chat.id),
            "messages": [shown(message) for message in self.server.messages(chat.id)],
        }


def _sends(file: Path) -> Callable[[Request], Awaitable[Response]]:
    async def send(request: Request) -> Response:
        return FileResponse(file)

    return send


def _guarded(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def guarded(request: Request) -> Response:
        try:
            check_host(request)
            response = await answer(request)
        except Unwelcome as unwelcome:
            response = JSONResponse({"error": unwelcome.error}, unwelcome.status)
        response.headers.update(HEADERS)
        return response

    return guarded


def _posted(act: Callable[[Body], Awaitable[Json]]) -> Callable[[Request], Awaitable[Response]]:
    async def posted(request: Request) -> Response:
        body = await read_body(request)
        try:
            return JSONResponse(await act(body))
        except AlreadyPlaying:
            raise Unwelcome(409, "playing") from None
        except LookupError:
            raise Unwelcome(404, "gone") from None
        except (TypeError, ValueError):
            log.warning("the trial page sent something unreadable", exc_info=True)
            raise Unwelcome(400, "unreadable") from None
        except Unwelcome:
            raise
        except Exception:
            log.exception("%s failed", request.url.path)
            raise Unwelcome(500, "failed") from None

    return _guarded(posted)


def _chat(body: Body) -> int:
    return int(body["chat_id"])


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return "UTC"
