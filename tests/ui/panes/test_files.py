"""Looking at files and revisions, downloading."""

from __future__ import annotations

import threading
from dataclasses import replace

from hubtui.core.errors import HubUnreachableError
from hubtui.core.models import Ref
from hubtui.ui.messages import Notice, OpenModel
from hubtui.ui.panes.files import FilesTab
from hubtui.ui.widgets.file_list import FileList
from tests.fakes import FakeHub
from tests.fakes_model import FakeDownloads
from tests.ui.model_app import ModelApp, model_services, settled, until

CAMEMBERT = "almanach/camembert-base"


async def test_choosing_a_tag_opens_the_model_at_that_tag() -> None:
    app = ModelApp(model_services(), CAMEMBERT, 2)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        files = app.query_one(FileList)
        at = next(index for index, entry in enumerate(files.entries) if isinstance(entry, Ref) and entry.kind == "tag")
        files.move_to(at)
        await pilot.press("enter")
        await settled(pilot)
        assert [(event.model, event.revision) for event in app.said if isinstance(event, OpenModel)] == [
            (CAMEMBERT, "v1.0")
        ]
        assert "▸ v1.0" in app.text()


async def test_a_small_file_is_read_and_left_with_escape() -> None:
    app = ModelApp(model_services(), CAMEMBERT, 2)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("j", "enter")
        await settled(pilot)
        assert "the beginning of config.json" in app.text()
        await pilot.press("escape")
        await settled(pilot)
        assert "model.safetensors" in app.text()
        assert isinstance(app.focused, FileList)


async def test_weights_are_not_read_as_text() -> None:
    app = ModelApp(model_services(), CAMEMBERT, 2)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("j", "j", "enter")
        await settled(pilot)
        notices = [event.text for event in app.said if isinstance(event, Notice)]
        assert notices == ["model.safetensors is not text (safetensors, 443 MB)."]


async def test_the_download_key_brings_the_files_of_a_run_and_says_where_they_are() -> None:
    app = ModelApp(model_services(), CAMEMBERT, 1)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("d")
        await settled(pilot)
        assert app.pane.active_tab == 2
        assert "downloaded 445 MB in 2.5 s" in app.text()
        assert dict(app.pane.copyable())["the snapshot folder"].endswith("c" * 40)
        assert not app.is_busy()


async def test_the_download_key_stops_a_download_that_goes_on() -> None:
    downloads = FakeDownloads(gate=threading.Event())
    app = ModelApp(replace(model_services(), downloads=lambda: downloads), CAMEMBERT, 2)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("d")
        await until(pilot, lambda: "50 % of 445 MB" in app.text())
        assert app.is_busy()
        await pilot.press("d")
        await settled(pilot)
        assert "download stopped" in app.text()
        assert not app.is_busy()


async def test_files_are_listed_when_the_history_cannot_be_had_and_it_can_be_asked_for_again() -> None:
    class ForgetfulHub(FakeHub):
        is_forgetful = True

        def refs(self, model: str) -> tuple[Ref, ...]:
            if self.is_forgetful:
                raise HubUnreachableError("The Hub does not answer.")
            return super().refs(model)

    hub = ForgetfulHub()
    app = ModelApp(model_services(hub=hub), CAMEMBERT, 2)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        assert "model.safetensors" in app.text()
        assert "The Hub does not answer. r tries again." in app.text()
        hub.is_forgetful = False
        await pilot.press("r")
        await settled(pilot)
        assert "pull request" in app.text()
        assert len(app.query(FilesTab)) == 1
