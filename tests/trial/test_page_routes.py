import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.trial.clock import TrialClock
from bot.trial.page_routes import TrialPage
from bot.trial.server import TelegramServer
from bot.trial.serving import serve
from tests.trial.conftest import TOKEN, Watch
from tests.trial.test_clock import Diary


@dataclass
class Open:
    """An open trial page without a browser."""

    server: TelegramServer
    clock: TrialClock
    diary: Diary
    client: httpx.AsyncClient
    ann: int

    async def post(self, act: str, **body: Any) -> httpx.Response:
        return await self.client.post(f"/trial/{act}", json={"chat_id": self.ann} | body)


@pytest.fixture
async def page() -> AsyncIterator[Open]:
    clock = TrialClock(Watch())
    server = TelegramServer(TOKEN, clock.now)
    clock.keep_in(server.state.note)
    diary = Diary(clock)
    trial = TrialPage(server, clock, diary)
    async with serve(trial.app) as (host, port):
        origin = f"http://{host}:{port}"
        client = httpx.AsyncClient(base_url=origin, headers={"Origin": origin}, verify=False, timeout=30)
        async with client:
            yield Open(server, clock, diary, client, next(iter(server.state.chats)))


async def test_the_page_loads_nothing_from_elsewhere(page: Open) -> None:
    html = await page.client.get("/")
    policy = html.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for part in ("style.css", "app.js", "telegram.js", "message.js", "chat.js", "composer.js", "clockbar.js"):
        answer = await page.client.get(f"/trial/page/{part}")
        assert answer.status_code == 200
        assert "https://" not in answer.text
        assert "innerHTML" not in answer.text


async def test_what_is_typed_on_the_page_reaches_the_chat(page: Open) -> None:
    typed = (await page.post("type", text=" hello ")).json()["message_id"]
    await page.post("edit", message_id=typed, text="hello!")
    await page.post("location", lat=1.5, lon=2.5)
    await page.post("sticker")
    await page.post("voice")
    await page.post("photo")
    state = (await page.client.get("/trial/state")).json()
    [person] = state["people"]
    assert [message["kind"] for message in person["messages"]] == [
        "text",
        "location",
        "sticker",
        "voice",
        "photo",
    ]
    assert person["messages"][0]["text"] == "hello!"
    assert person["messages"][0]["edited"]
    photo = await page.client.get(f"/trial/file/{person['messages'][4]['file']['id']}")
    assert photo.headers["content-type"] == "image/png"
    voice = await page.client.get(f"/trial/file/{person['messages'][3]['file']['id']}")
    assert voice.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Host": "evil.example:80"}, 403),
        ({"Host": "127.0.0.1:1"}, 403),
        ({"Content-Type": "text/plain"}, 415),
    ],
)
async def test_another_site_cannot_act_in_the_page(page: Open, headers: dict[str, str], status: int) -> None:
    body = json.dumps({"chat_id": page.ann, "text": "hello"})
    sent = {"Content-Type": "application/json"} | headers
    answer = await page.client.post("/trial/type", content=body, headers=sent)
    assert answer.status_code == status
    assert page.server.messages(page.ann) == []


async def test_a_rebound_name_cannot_read_the_page(page: Open) -> None:
    port = page.client.base_url.port
    for path in ("/", "/trial/state", "/trial/events"):
        answer = await page.client.get(path, headers={"Host": f"evil.example:{port}"})
        assert answer.status_code == 403


async def test_a_mistaken_request_is_told_apart(page: Open) -> None:
    assert (await page.post("type", text="  ")).json() == {"error": "too_long"}
    assert (await page.post("type", text="x", chat_id=5)).json() == {"error": "gone"}
    assert (await page.post("location", lat=100, lon=0)).json() == {"error": "place"}
    assert (await page.post("location", lat="north", lon=0)).json() == {"error": "unreadable"}
    assert (await page.post("clock", to="yesterday")).json() == {"error": "to"}
    assert (await page.post("clock", to="next_check_in")).json() == {"error": "nothing_planned"}
    assert (await page.client.post("/trial/type", json=["x"])).status_code == 400


async def test_tomorrow_uses_the_browsers_zone_until_the_persons_is_known(page: Open) -> None:
    await page.post("clock", to="tomorrow", zone="Asia/Tokyo")
    assert page.clock.now().hour == 23
    await page.post("clock", to="tomorrow", zone="Nowhere/../etc")
    assert page.clock.now().hour == 8


async def test_starting_over_empties_the_chats_and_turns_the_clock_back(page: Open) -> None:
    await page.post("person", name="Bob")
    await page.post("type", text="hello")
    await page.post("clock", to="tomorrow")
    page.diary.dues.append(page.clock.now())
    await page.post("start_over")
    state = (await page.client.get("/trial/state")).json()
    assert [(person["name"], person["messages"]) for person in state["people"]] == [
        ("Person 1", []),
        ("Bob", []),
    ]
    assert page.clock.offset.total_seconds() == 0
    assert page.diary.dues == []
    assert page.server.updates_pending() == 0


async def test_an_open_page_does_not_keep_the_server_from_stopping() -> None:
    clock = TrialClock(Watch())
    page = TrialPage(TelegramServer(TOKEN, clock.now), clock, Diary(clock))
    loop = asyncio.get_running_loop()
    async with httpx.AsyncClient(verify=False, timeout=30) as client:
        async with serve(page.app) as (host, port):
            request = client.build_request("GET", f"http://{host}:{port}/trial/events")
            stream = await client.send(request, stream=True)
            stopping_at = loop.time()
        assert loop.time() - stopping_at < 2
        assert await stream.aread() == b"retry: 1000\n\n"


async def test_an_open_page_hears_of_every_message(page: Open) -> None:
    heard: list[dict[str, Any]] = []
    subscribed = asyncio.Event()

    async def listen() -> None:
        async with page.client.stream("GET", "/trial/events") as answer:
            async for line in answer.aiter_lines():
                subscribed.set()
                if line.startswith("data: "):
                    heard.append(json.loads(line.removeprefix("data: ")))

    listening = asyncio.create_task(listen())
    await subscribed.wait()
    await page.post("type", text="hello")
    page.server.close()
    await asyncio.wait_for(listening, 10)
    assert [event["kind"] for event in heard] == ["message"]
    assert heard[0]["message"]["text"] == "hello"
    assert heard[0]["chat_id"] == page.ann
