"""The composition root: the only place that names concrete services and puts them together."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hubtui.core.ports import Services
from hubtui.core.settings import Settings
from hubtui.local.config import Overrides, load_settings
from hubtui.local.devices import RecentDevices, ThisBox
from hubtui.local.files import write_atomically
from hubtui.local.log import start_log
from hubtui.local.memory import MemoryFile
from hubtui.local.paths import Folders, folders

if TYPE_CHECKING:
    from hubtui.core.download_ports import DownloadQueue, Downloads
    from hubtui.core.ports import (
        Cache,
        Catalogue,
        Inference,
        Structures,
        TensorHeaders,
    )
    from hubtui.core.tokenizer_ports import TokenizerInspector, Tokenizers
    from hubtui.hub.client import HubClient

MEMORY_FILE = "memory.json"
DOWNLOADS_FILE = "downloads.json"
CATALOGUE_FOLDER = "catalogue"


def settings_of(overrides: Overrides) -> Settings:
    """Return the settings in force, with the log started.

    Raises:
        UsageError: the config file or an address is wrong.
    """
    settings = load_settings(folders(), overrides)
    start_log(Path(settings.log_file))
    return settings


def demo_settings(settings: Settings, endpoint: str) -> Settings:
    """Return the settings for the demo Hub: an own cache and memory, and no account."""
    home = folders().for_demo().cache / "huggingface"
    return replace(settings, endpoint=endpoint, offline=False, is_demo=True, cache_dir=str(home / "hub"), token_file="")


def services_of(settings: Settings) -> Services:
    """Put the services together; nothing heavy is imported before a service is first asked for."""
    _prepare_environment(settings)
    own: Folders = folders().for_demo() if settings.is_demo else folders()
    memory = MemoryFile(own.data / MEMORY_FILE)
    box = ThisBox()
    devices = RecentDevices(box)

    @cache
    def client() -> HubClient:
        from hubtui.cards.frontmatter import split_card  # noqa: PLC0415  imports yaml, after the first frame
        from hubtui.core.fit import best_verdict, fit_of_row  # noqa: PLC0415  likewise
        from hubtui.hub.client import HubClient  # noqa: PLC0415  imports huggingface_hub, likewise
        from hubtui.hub.remembered import AnswerStore  # noqa: PLC0415  likewise

        return HubClient(
            settings,
            bookmarks=memory.bookmarks,
            fit_of=lambda row: best_verdict(fit_of_row(row, devices())),
            read_card=lambda text: split_card(text)[0],
            answers=AnswerStore(own.cache / "answers", write_atomically),
        )

    @cache
    def catalogue() -> Catalogue:
        from hubtui.catalogue.service import HubListing, LocalCatalogue  # noqa: PLC0415  imports the search engine
        from hubtui.catalogue.translate import Here  # noqa: PLC0415  likewise

        listing = HubListing(
            settings.endpoint.rstrip("/"),
            settings.offline,
            page=lambda cursor, *, sort: client().listing_page(cursor, sort=sort),
            quota=lambda: client().quota,
        )
        here = Here(lambda: frozenset(client().cached_ids()), lambda: frozenset(memory.bookmarks()), devices)
        return LocalCatalogue(
            own.data / CATALOGUE_FOLDER, listing, here, read_row="hubtui.hub.entries:row", write=write_atomically
        )

    @cache
    def downloads() -> Downloads:
        from hubtui.hub.downloads import Downloader  # noqa: PLC0415  likewise

        return Downloader(settings)

    @cache
    def queue() -> DownloadQueue:
        from hubtui.hub.queue import Queue  # noqa: PLC0415  after the first frame; it asks for `downloads` late
        from hubtui.local.unfinished import UnfinishedFile  # noqa: PLC0415  likewise

        hub = "demo" if settings.is_demo else settings.endpoint  # the demo Hub is on another port each time
        return Queue(downloads, UnfinishedFile(own.data / DOWNLOADS_FILE, hub))

    @cache
    def model_cache() -> Cache:
        from hubtui.hub.cache import CacheFolder  # noqa: PLC0415  likewise

        return CacheFolder(settings)

    @cache
    def headers() -> TensorHeaders:
        from hubtui.hub.headers import HeaderStore  # noqa: PLC0415  likewise
        from hubtui.hub.tensors import HeaderReader  # noqa: PLC0415  likewise

        return HeaderReader(client, HeaderStore(own.cache / "headers", write_atomically))

    @cache
    def structures() -> Structures:
        from hubtui.engine.structures import StructureProcess  # noqa: PLC0415  imports msgspec, after the first frame

        return StructureProcess(settings)

    @cache
    def tokenizers() -> Tokenizers:
        from hubtui.engine.tokenizer import TokenizerProcess  # noqa: PLC0415  imports msgspec, after the first frame

        return TokenizerProcess(log_file=settings.log_file, cache_folder=str(own.cache / "tokenizers"))

    @cache
    def inspector() -> TokenizerInspector:
        from hubtui.engine.inspector import InspectorProcess  # noqa: PLC0415  likewise

        return InspectorProcess(log_file=settings.log_file)

    @cache
    def inference() -> Inference:
        from hubtui.engine.inference import InferenceProcess  # noqa: PLC0415  likewise

        return InferenceProcess(settings)

    return Services(
        hub=client,
        catalogue=catalogue,
        downloads=downloads,
        queue=queue,
        cache=model_cache,
        headers=headers,
        structures=structures,
        tokenizers=tokenizers,
        inspector=inspector,
        inference=inference,
        box=box,
        memory=memory,
        settings=settings,
    )


def _prepare_environment(settings: Settings) -> None:
    """Set what huggingface_hub reads when it is imported; nothing of it has been imported yet."""
    own = {
        "HF_ENDPOINT": settings.endpoint,
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",  # they would be drawn over the interface
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_XET": "1",  # hubtui streams, checks and resumes files itself
    }
    if settings.cache_dir:
        own["HF_HUB_CACHE"] = settings.cache_dir
    if settings.offline:
        own["HF_HUB_OFFLINE"] = "1"
    if settings.token_file:
        own["HF_TOKEN_PATH"] = settings.token_file
    if settings.is_demo:
        _forget_account(own, settings)
    os.environ.update(own)


def _forget_account(own: dict[str, str], settings: Settings) -> None:
    """Keep the user's token, cache and proxies away from the demo Hub."""
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        os.environ.pop(name, None)
    own["HF_HOME"] = str(Path(settings.cache_dir).parent)
    own["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"  # noqa: S105  the name of a switch
    own["NO_PROXY"] = ",".join(filter(None, (os.environ.get("NO_PROXY"), "127.0.0.1")))
