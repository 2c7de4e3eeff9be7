"""Looking at an image of a card: one of the model's own repository at once, a stranger's after asking."""

from __future__ import annotations

from collections.abc import Callable

from textual.widget import Widget

from hubtui.cards.image_place import ImagePlace, image_place
from hubtui.cards.model import Image
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Services
from hubtui.ui.messages import CopyRequested, Notice

_FETCH, _COPY = "fetch", "copy"


def look_at(pane: Widget, services: Services, facts: ModelFacts, image: Image) -> None:
    """Show an image over the screen, or say why it cannot be shown."""
    place = image_place(image.src, facts.id, services.settings.endpoint)
    if place.kind == "repo":
        show_picture(pane, services, image.alt, place.path, lambda: services.hub().image(facts, place.path))
    elif place.kind == "other":
        _ask(pane, services, image.alt, place)
    else:
        pane.post_message(Notice(f"“{image.alt}” is not shown: {place.why}."))


def _ask(pane: Widget, services: Services, name: str, place: ImagePlace) -> None:
    """Ask before another host learns who reads the card."""
    from hubtui.ui.screens.picker import Entry, Picker  # noqa: PLC0415 - when it is first opened

    def answered(choice: str | None) -> None:
        if choice == _FETCH:
            show_picture(pane, services, name, place.host, lambda: services.hub().foreign_image(place.address))
        elif choice == _COPY:
            pane.post_message(CopyRequested(place.address, "the address"))

    entries = [
        Entry(_FETCH, f"fetch it from {place.host}", "it learns your address"),
        Entry(_COPY, "copy its address"),
    ]
    pane.app.push_screen(Picker(f"An image of another host: {place.host}", entries, note=place.address), answered)


def show_picture(pane: Widget, services: Services, name: str, source: str, fetch: Callable[[], bytes]) -> None:
    """Show an image over the screen, under a name and where it comes from; `fetch` is called in a thread."""
    from hubtui.ui.screens.picture import PictureScreen  # noqa: PLC0415 - when it is first opened

    pane.app.push_screen(PictureScreen(name, source, fetch, services.settings))
