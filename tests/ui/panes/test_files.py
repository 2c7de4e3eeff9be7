"""Looking at files and revisions, choosing and downloading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hubtui.core.downloads import DownloadItem, DownloadState
from hubtui.core.errors import CacheError, DownloadError, HubUnreachableError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Ref
from hubtui.core.scans import FileScan
from hubtui.core.tree import TreePage
from hubtui.ui.messages import FactsLoaded, Notice, OpenModel
from hubtui.ui.panes.file_page import about
from hubtui.ui.panes.files import FilesTab
from hubtui.ui.screens.picture import PictureScreen
from hubtui.ui.widgets.file_list import FileList
from tests.fake_rows import NOW
from tests.fakes import COMMITS, FakeHub
from tests.fakes_files import FakeQueue
from tests.fakes_model import FakeDownloads
from tests.ui.inks import inks_of
from tests.ui.model_app import ModelApp, a_picture, model_services, settled, until

CAMEMBERT = "almanach/camembert-base"
SIZE = (120, 40)


class _CachedHub(FakeHub):
    """Knows what the cache holds, and no more."""

    def facts(self, model: str, revision: str | None = None) -> ModelFacts:
        return replace(super().facts(model, revision), from_cache=True)


def _paths(queue: FakeQueue, number: int = 1) -> list[str]:
    return [file.path for file in queue.downloads[number].files]


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


async def test_keys_of_the_list_do_nothing_unseen_while_a_file_is_read() -> None:
    app = ModelApp(model_services(), CAMEMBERT, 2)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("enter", "n", "a", "m", "D", "escape")
        await settled(pilot)
        files = app.query_one(FileList)
        assert not files.chosen
        assert app.focused is files
        assert not [event for event in app.said if isinstance(event, Notice)]


async def test_weights_are_not_read_as_text_but_their_tensors_hash_and_scan_are_told() -> None:
    app = ModelApp(model_services(), CAMEMBERT, 2)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("j", "j", "enter")
        await settled(pilot)
        assert "12 tensors" in app.text()
        assert "the beginning of" not in app.text()
        await pilot.press("g", "enter")
        await settled(pilot)
        assert "3" * 64 in app.text()
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.focused, FileList)


def test_what_is_known_of_a_file_that_is_no_text_is_told() -> None:
    pickle = FileEntry("pytorch_model.bin", 2_048, sha256="5" * 64, format="pickle", scan=FileScan("safe"))
    lines = ["".join(words for words, _ in line) for line in about(pickle, NOW, 80, inks_of("dark"))]
    assert lines[0].strip() == "No text to be read here: pickle."
    assert f"SHA-256      {'5' * 64}" in lines
    assert "scan         safe" in lines


async def test_a_file_that_cannot_be_read_says_why_and_is_read_on_asking_again() -> None:
    class Mute(FakeHub):
        is_mute = True

        def read_text(self, facts: ModelFacts, path: str, *, max_bytes: int = 1 << 20) -> str:
            if self.is_mute:
                raise HubUnreachableError("The Hub does not answer.")
            return super().read_text(facts, path, max_bytes=max_bytes)

    hub = Mute()
    app = ModelApp(model_services(hub=hub), CAMEMBERT, 2)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "The Hub does not answer." in app.text()
        hub.is_mute = False
        await pilot.press("r")
        await settled(pilot)
        assert "the beginning of README.md" in app.text()


async def test_last_commits_scans_and_what_is_cached_stand_beside_the_files() -> None:
    app = ModelApp(model_services("partly"), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lines = {line.split()[1]: line for line in app.text().splitlines() if " MB" in line and "○" in line}
        weights = lines["model.safetensors"]
        assert "42 %" in weights
        assert "✓" in weights
        assert COMMITS[0].title in weights
        assert sum("here" in line for line in app.text().splitlines()) >= 2


async def test_offline_the_list_says_why_commits_scans_and_revisions_are_missing_and_what_to_do() -> None:
    services = model_services(hub=_CachedHub())
    app = ModelApp(replace(services, settings=replace(services.settings, offline=True)), CAMEMBERT, 2)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = " ".join(app.text().split())
        assert "model.safetensors" in shown
        assert "hubtui is offline: last commits, scans and revisions are the Hub's to tell." in shown
        assert "Start without --offline to see them." in shown
        assert "r tries again" not in shown


async def test_files_of_the_cache_say_that_the_hub_did_not_answer_and_are_asked_for_again() -> None:
    app = ModelApp(model_services(hub=_CachedHub()), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "The Hub did not answer, so these are the files in the cache" in app.text()
        await pilot.press("r")
        await settled(pilot)
        assert sum(isinstance(event, FactsLoaded) for event in app.said) == 2


async def test_what_cannot_be_looked_up_or_stopped_is_said() -> None:
    class Stuck(FakeQueue):
        def cancel(self, number: int) -> None:
            del number
            raise CacheError("The disk is read-only.")

    class Blind(FakeDownloads):
        is_blind = True

        def presence(self, facts: ModelFacts) -> Mapping[str, int]:
            if self.is_blind:
                raise CacheError("The cache cannot be read.", hint="Check its permissions.")
            return super().presence(facts)

    downloads, queue = Blind(), Stuck()
    app = ModelApp(replace(model_services(queue=queue), downloads=lambda: downloads), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert (
            "What of these is in the cache is not known: The cache cannot be read. Check its permissions. "
            "r tries again." in " ".join(app.text().split())
        )
        assert "What a download would take is not known: The cache cannot be read." in app.text()
        downloads.is_blind = False
        await pilot.press("r")
        await settled(pilot)
        assert "not known" not in app.text()
        await pilot.press("d")
        await settled(pilot)
        await pilot.press("ctrl+x")
        await settled(pilot)
        assert [event.text for event in app.said if isinstance(event, Notice)] == [
            "The download could not be stopped: The disk is read-only."
        ]


async def test_a_picture_among_the_files_is_shown_and_escape_leads_back_to_it() -> None:
    class Illustrated(FakeHub):
        def facts(self, model: str, revision: str | None = None) -> ModelFacts:
            found = super().facts(model, revision)
            plot = FileEntry("assets/loss.png", 900, blob_id="5" * 40, format="image")
            drawing = FileEntry("assets/plan.svg", 900, blob_id="6" * 40, format="image")
            return replace(found, files=(plot, drawing, *found.files))

    app = ModelApp(model_services(hub=Illustrated(images={"assets/loss.png": a_picture()})), CAMEMBERT, 2)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, PictureScreen)
        assert "48 × 24 PNG" in app.text()
        assert "▀" in app.text()
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.focused, FileList)
        await pilot.press("j", "enter")
        await settled(pilot)
        assert "6" * 40 in app.text(), "what cannot be drawn says what is known of it"


async def test_a_download_of_an_earlier_session_stands_paused_in_its_place_and_goes_on_with_the_key() -> None:
    facts = ModelFacts(CAMEMBERT, commit="c" * 40)
    progress = DownloadProgress("", 200_000_000, 445_000_000)
    files = (FileEntry("model.safetensors", 445_000_000),)
    queue = FakeQueue(recalled=[DownloadItem(1, facts, files, DownloadState.PAUSED, progress)])
    app = ModelApp(model_services(queue=queue), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "paused at 45 % of 445 MB" in app.text()
        await pilot.press("p")
        await settled(pilot)
        assert queue.downloads[1].state is DownloadState.RUNNING


async def test_a_paused_download_of_another_commit_is_named_by_it() -> None:
    facts = ModelFacts(CAMEMBERT, commit="d" * 40)
    queue = FakeQueue(recalled=[DownloadItem(1, facts, (FileEntry("w", 100),), DownloadState.PAUSED)])
    app = ModelApp(model_services(queue=queue), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "paused, what has arrived is kept main at ddddddd" in app.text()


async def test_files_are_listed_when_commits_and_scans_cannot_be_had() -> None:
    class Forgetful(FakeHub):
        is_forgetful = True

        def tree(self, facts: ModelFacts, *, cursor: str | None = None) -> TreePage:
            if self.is_forgetful:
                raise HubUnreachableError("The Hub does not answer.")
            return super().tree(facts, cursor=cursor)

    hub = Forgetful()
    app = ModelApp(model_services(hub=hub), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "model.safetensors" in app.text()
        assert "Last commits and scans are not known: The Hub does not answer. r tries again." in app.text()
        hub.is_forgetful = False
        await pilot.press("r")
        await settled(pilot)
        assert "not known" not in app.text()
        assert app.text().count("Branches, tags") == 1


async def test_the_cursor_stays_on_its_file_while_more_comes_to_be_known() -> None:
    app = ModelApp(model_services(), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        files = app.query_one(FileList)
        await pilot.press("j", "j")
        before = files.at_cursor()
        assert isinstance(before, FileEntry)
        files.know([replace(entry, size=(entry.size or 0) + 1) for entry in files.in_sight()])
        after = files.at_cursor()
        assert isinstance(after, FileEntry)
        assert (after.path, after.size) == (before.path, (before.size or 0) + 1)


async def test_typed_words_leave_only_the_files_that_have_them_and_escape_brings_all_back() -> None:
    app = ModelApp(model_services(), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("n", *"token")
        await settled(pilot)
        files = app.query_one(FileList)
        assert [entry.path for entry in files.in_sight()] == ["tokenizer.json"]
        assert "1 of 4 files" in app.text()
        await pilot.press("x", "x")
        await settled(pilot)
        assert "No file has these words" in app.text()
        await pilot.press("escape")
        await settled(pilot)
        assert len(files.in_sight()) == 4
        assert app.focused is files


async def test_only_the_chosen_files_are_downloaded_and_the_disk_is_looked_at_before() -> None:
    queue = FakeQueue()
    app = ModelApp(model_services(queue=queue), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("space", "space")
        await settled(pilot)
        assert "● 2 chosen, 3.0 kB" in app.text()
        assert "/cache has 500 GB free." in app.text()
        await pilot.press("d")
        await settled(pilot)
        assert _paths(queue) == ["README.md", "config.json"]


async def test_files_that_a_filter_hides_stay_chosen() -> None:
    queue = FakeQueue()
    app = ModelApp(model_services(queue=queue), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("space", "n", *"token", "enter", "a", "d")
        await settled(pilot)
        assert _paths(queue) == ["README.md", "tokenizer.json"]


async def test_the_download_key_brings_the_files_of_a_run_and_says_where_they_are() -> None:
    queue = FakeQueue(ends=True)
    app = ModelApp(model_services(queue=queue), CAMEMBERT, 1)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("d")
        await settled(pilot)
        assert app.pane.active_tab == 2
        assert _paths(queue) == ["config.json", "model.safetensors", "tokenizer.json"]
        assert "downloaded 1.0 kB in 1.0 s" in app.text()
        assert dict(app.pane.copyable())["the snapshot folder"] == f"/cache/{CAMEMBERT}"


async def test_a_disk_that_is_too_small_is_told_and_nothing_is_begun() -> None:
    queue = FakeQueue()
    app = ModelApp(model_services("full", queue=queue), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "/cache has 90.0 MB free" in app.text()
        await pilot.press("d")
        await settled(pilot)
        assert not queue.downloads
        assert "The download needs" in app.text()


async def test_a_download_tells_speed_and_time_left_and_can_be_paused_resumed_and_stopped() -> None:
    queue = FakeQueue()
    app = ModelApp(model_services(queue=queue), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("d")
        await settled(pilot)
        queue.move(1, 200_000_000, 12_000_000, 20.0)
        await until(pilot, lambda: "12.0 MB/s · 20 s left" in app.text())
        await pilot.press("p")
        await until(pilot, lambda: "paused at 45 % of 445 MB" in app.text())
        await pilot.press("p")
        await settled(pilot)
        assert [item.state for item in queue.items()] == [DownloadState.RUNNING]
        await pilot.press("ctrl+x")
        await settled(pilot)
        assert [item.state for item in queue.items()] == [DownloadState.CANCELLED]
        assert "download stopped" in app.text()


async def test_a_failed_download_says_why_and_is_tried_again() -> None:
    queue = FakeQueue()
    app = ModelApp(model_services(queue=queue), CAMEMBERT, 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("d")
        await settled(pilot)
        queue.finish(1, DownloadError("The connection broke.", hint="Try again."))
        await until(pilot, lambda: "The connection broke." in app.text())
        await pilot.press("p")
        await settled(pilot)
        assert queue.downloads[1].state is DownloadState.RUNNING


async def test_the_download_of_another_model_goes_on_and_is_named() -> None:
    queue = FakeQueue()
    app = ModelApp(model_services(queue=queue), "Qwen/Qwen2.5-0.5B-Instruct", 2)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("d")
        await settled(pilot)
        app.pane.open(CAMEMBERT)
        await settled(pilot)
        assert "Qwen/Qwen2.5-0.5B-Instruct looking up the files" in app.text()
        await pilot.press("d")
        await settled(pilot)
        assert "waits for its turn" in app.text()
        assert "also in the queue: 1 running · Qwen/Qwen2.5-0.5B-Instruct" in app.text()


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
