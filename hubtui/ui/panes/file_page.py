"""One file in the place of the list: its text, or what is known about it when it is not text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from hubtui.core.errors import HubtuiError
from hubtui.core.models import FileEntry
from hubtui.core.numbers import size_text
from hubtui.ui import text
from hubtui.ui.actions import bindings
from hubtui.ui.panes.tab import ModelTab
from hubtui.ui.text import Line
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.file_columns import scan_ink
from hubtui.ui.widgets.file_text import FileText, TextOfFile, read
from hubtui.ui.widgets.made_lines import MadeLines
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.work import start

TEXT_FORMATS = frozenset({"config", "card", "code", "text", "tokenizer"})
PREVIEW_BYTES = 256 << 10
_NO_TEXT_SUFFIXES = (".model", ".bin", ".gz", ".zip", ".npz", ".npy", ".pkl", ".spm")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
_LABEL = 13
_MOST_IMPORTS = 30


class _About(MadeLines):
    """Facts about a file; it scrolls where a pickle imports a lot."""


class FilePage(Widget):
    """Title, then text or facts."""

    key_context: ClassVar[str] = "files-about"
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings("files-text") if isinstance(binding, Binding) and binding.id == "leave-file"
    ]

    DEFAULT_CSS = """
    FilePage { layout: vertical; height: 1fr; }
    FilePage > Lines { padding: 0 1; }
    FilePage > TextOfFile, FilePage > _About { padding: 0 0 0 1; height: 1fr; }
    FilePage > TextOfFile { display: none; }
    FilePage.-text > TextOfFile { display: block; }
    FilePage.-text > _About { display: none; }
    """

    class Left(Message):
        """The file was left."""

    def __init__(self) -> None:
        super().__init__()
        self._entry: FileEntry | None = None
        self._again: Callable[[], None] | None = None

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield Lines()
        yield TextOfFile()
        yield _About()

    def focus_text(self) -> None:
        """Let keys scroll."""
        (self.query_one(TextOfFile) if self.has_class("-text") else self.query_one(_About)).focus()

    def open(self, entry: FileEntry, tab: ModelTab, now: datetime) -> None:
        """Show a file of the tab's model: read it, if it is text."""
        self._entry, self._again = entry, None
        self.remove_class("-text")
        if not is_text(entry):
            self._title(entry, "")
            self.query_one(_About).show(lambda width, inks: about(entry, now, width, inks))
            return
        self._title(entry, " · reading")
        self.query_one(_About).show(None)
        facts, services = tab.facts, tab.services
        start(
            self,
            "preview",
            lambda: read(services.hub().read_text(facts, entry.path, max_bytes=PREVIEW_BYTES), entry.path),
            self._show_text,
            lambda error: self._show_error(error, lambda: self.open(entry, tab, now)),
        )

    def _title(self, entry: FileEntry, more: str) -> None:
        inks = self.query_one(TextOfFile).inks
        title: Line = [(entry.path, inks.strong), (f"   {size_text(entry.size)}{more} · esc back", inks.muted)]
        self.query_one(Lines).show(title, [])

    def _show_text(self, content: FileText) -> None:
        entry = self._entry
        if entry is None:
            return
        cut = f" · the first {size_text(PREVIEW_BYTES)}" if (entry.size or 0) > PREVIEW_BYTES else ""
        folds = " · enter folds" if content.folds else ""
        self._title(entry, f"{cut}{' · laid out' if content.is_laid_out else ''}{folds}")
        had_focus = self.has_focus_within
        self.add_class("-text")
        self.query_one(TextOfFile).show(content)
        if had_focus:
            self.focus_text()

    def _show_error(self, error: HubtuiError, again: Callable[[], None]) -> None:
        self._again = again

        def lines(width: int, inks: Inks) -> list[Line]:
            said = [f"✗ {error.message}", *([error.hint] if error.hint else []), "r tries again."]
            return [[(part, inks.bad if at == 0 else inks.text)] for at, line in enumerate(said)
                    for part in text.wrap(line, width)]  # fmt: skip

        self.query_one(_About).show(lines)

    def retry(self) -> bool:
        """Read again what could not be read."""
        if self._again is None:
            return False
        self._again()
        return True

    @on(TextOfFile.Left)
    def action_leave(self) -> None:
        """Go back to the list."""
        self.post_message(self.Left())


def is_picture(entry: FileEntry) -> bool:
    """Say whether a file is an image that can be drawn."""
    return entry.path.lower().endswith(_PICTURES)


def is_text(entry: FileEntry) -> bool:
    """Say whether a file is worth reading as text."""
    return entry.format in TEXT_FORMATS and not entry.path.lower().endswith(_NO_TEXT_SUFFIXES)


def about(entry: FileEntry, now: datetime, width: int, inks: Inks) -> list[Line]:
    """Return what is known about a file that is no text, as lines."""
    image = "A picture of a kind that is not drawn here." if entry.format == "image" else ""
    why = text.wrap(image or f"No text to be read here: {entry.format}.", max(20, width - _LABEL))
    return [
        *([(" " * _LABEL, inks.muted), (part, inks.text)] for part in why),
        [],
        *file_facts(entry, now, width, inks),
    ]


def file_facts(entry: FileEntry, now: datetime, width: int, inks: Inks) -> list[Line]:
    """Return size, hashes, last commit and scan of a file, as lines."""
    commit, scan = entry.last_commit, entry.scan
    rows = [
        ("size", f"{size_text(entry.size)}" + (f" ({text.whole(entry.size)} bytes)" if entry.size else ""), inks.text),
        ("SHA-256", entry.sha256, inks.text),
        ("git blob", entry.blob_id, inks.text),
        (
            "last commit",
            f"{commit.title} · {commit.id[:9]} · {text.ago(commit.date, now)}" if commit else "",
            inks.text,
        ),
        ("scan", scan.status if scan else "not known", scan_ink(scan.status if scan else "", inks)),
        ("", scan.message if scan else "", inks.text),
    ]
    lines: list[Line] = []
    for label, value, ink in rows:
        parts = text.wrap(value, max(20, width - _LABEL)) if value else []
        lines += [
            [(text.fit(label if at == 0 else "", _LABEL), inks.muted), (part, ink)] for at, part in enumerate(parts)
        ]
    imports = scan.imports if scan else ()
    for at, each in enumerate(imports[:_MOST_IMPORTS]):
        ink = {"dangerous": inks.bad, "suspicious": inks.warn}.get(each.safety, inks.text)
        label = "it imports" if at == 0 else ""
        lines.append([(text.fit(label, _LABEL), inks.muted), (each.name, ink), (f"  {each.safety}", inks.muted)])
    if len(imports) > _MOST_IMPORTS:
        lines.append([(" " * _LABEL, inks.muted), (f"and {len(imports) - _MOST_IMPORTS} more", inks.muted)])
    return lines
