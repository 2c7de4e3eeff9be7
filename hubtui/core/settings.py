"""Every setting with its default; `local/config.py` fills them from the config file, environment and command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_ENDPOINT = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose.

    Attributes:
        endpoint: address of the Hub, without a trailing slash.
        offline: never ask the network.
        is_demo: the Hub is the embedded one.
        cache_dir: the Hugging Face cache for models (`HF_HUB_CACHE`).
        token_file: file with the access token; empty leaves it to huggingface_hub.
        log_file: where hubtui and its worker processes write.
        worker_python: interpreter of the inference process; empty for hubtui's own.
        device, dtype: what the Run tab starts with.
        theme: `dark`, `light` or `ansi` (the terminal's own 16 colours).
        images: how images of cards are drawn: `kitty`, `sixel`, `blocks`; `auto` goes by the terminal's name.
        keys: action id → keys, comma-separated, in place of the built-in ones.
    """

    endpoint: str = DEFAULT_ENDPOINT
    offline: bool = False
    is_demo: bool = False
    cache_dir: str = ""
    token_file: str = ""
    log_file: str = ""
    worker_python: str = ""
    device: str = "auto"
    dtype: str = "auto"
    theme: str = "dark"
    images: str = "auto"
    keys: Mapping[str, str] = field(default_factory=dict)
