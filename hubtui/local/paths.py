"""Where hubtui keeps its own files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP = "hubtui"


@dataclass(frozen=True, slots=True)
class Folders:
    """hubtui's own folders.

    `config` holds config.toml, `data` what hubtui remembers, `state` its logs, `cache` what can be made again.
    """

    config: Path
    data: Path
    state: Path
    cache: Path

    @property
    def config_file(self) -> Path:
        """The config file, which need not exist."""
        return self.config / "config.toml"

    @property
    def log_file(self) -> Path:
        """Where hubtui and its workers write when no other file was named."""
        return self.state / "hubtui.log"

    def for_demo(self) -> Folders:
        """Return the folders of the demo, which never mix with the user's own."""
        return Folders(self.config, self.data / "demo", self.state, self.cache / "demo")


def folders() -> Folders:
    """Return the folders as the operating system wants them (XDG on Linux)."""
    return Folders(
        config=Path(platformdirs.user_config_dir(APP)),
        data=Path(platformdirs.user_data_dir(APP)),
        state=Path(platformdirs.user_state_dir(APP)),
        cache=Path(platformdirs.user_cache_dir(APP)),
    )
