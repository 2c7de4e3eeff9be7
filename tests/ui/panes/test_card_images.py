"""Images of a card: the repository's own at once, a stranger's only after asking."""

from __future__ import annotations

import io

from PIL import Image
from textual.pilot import Pilot

from hubtui.ui.messages import CopyRequested, Notice
from tests.fakes import FakeHub
from tests.ui.model_app import ModelApp, model_services, settled

CAMEMBERT = "almanach/camembert-base"
_CARD = "![plot](plot.png)\n\n![theirs](https://img.example/x.png)\n\n![drawing](x.svg)\n"


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(buffer, "PNG")
    return buffer.getvalue()


def _hub(**images: bytes) -> FakeHub:
    return FakeHub(card_text=_CARD, images={"plot.png": _png(), "https://img.example/x.png": _png(), **images})


async def _press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def test_an_image_of_the_repository_is_drawn_in_blocks() -> None:
    app = ModelApp(model_services(hub=_hub()), CAMEMBERT)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await _press(pilot, "i", "enter")
        assert "40 × 20 PNG" in app.text()
        assert "▀" * 40 in app.text()
        await _press(pilot, "escape")
        assert "▀" not in app.text()


async def test_another_host_is_named_and_asked_only_after_a_yes() -> None:
    hub = _hub()
    app = ModelApp(model_services(hub=hub), CAMEMBERT)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await _press(pilot, "i", "j", "enter")
        assert "fetch it from img.example" in app.text()
        assert "https://img.example/x.png" in app.text()
        assert hub.foreign_asked == []
        await _press(pilot, "enter")
        assert hub.foreign_asked == ["https://img.example/x.png"]
        assert "▀" in app.text()


async def test_the_address_of_a_strangers_image_can_be_copied_instead() -> None:
    hub = _hub()
    app = ModelApp(model_services(hub=hub), CAMEMBERT)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await _press(pilot, "i", "j", "enter", "j", "enter")
        assert [event.text for event in app.said if isinstance(event, CopyRequested)] == ["https://img.example/x.png"]
    assert hub.foreign_asked == []


async def test_an_image_that_cannot_be_shown_says_why() -> None:
    app = ModelApp(model_services(hub=_hub()), CAMEMBERT)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await _press(pilot, "i", "j", "j", "enter")
        assert [event.text for event in app.said if isinstance(event, Notice)] == [
            "“drawing” is not shown: it is an SVG drawing."
        ]


async def test_a_broken_image_is_a_sentence_and_not_a_crash() -> None:
    app = ModelApp(model_services(hub=_hub(**{"plot.png": b"\x89PNG\r\n\x1a\n\x1b[2J"})), CAMEMBERT)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await _press(pilot, "i", "enter")
        assert "no picture that can be shown" in app.text()
        await pilot.resize_terminal(100, 30)
        await _press(pilot, "escape")
        assert "plot" in app.text()


async def test_a_card_without_images_says_so() -> None:
    app = ModelApp(model_services(hub=FakeHub(card_text="# A\n")), CAMEMBERT)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await _press(pilot, "i")
        assert [event.text for event in app.said if isinstance(event, Notice)] == ["This card has no images."]
