"""What the Hub's malware and pickle scanners say about one file."""

from __future__ import annotations

from dataclasses import dataclass

SCAN_STATES = ("safe", "unscanned", "queued", "caution", "suspicious", "unsafe", "error")
"""The Hub's words for a file's state (HUB_PROTOCOL, section 7); an unknown word counts as `unscanned`."""


@dataclass(frozen=True, slots=True)
class PickleImport:
    """Something that loading a pickle would import; `safety` is `innocuous`, `suspicious` or `dangerous`."""

    name: str
    safety: str


@dataclass(frozen=True, slots=True)
class ScannerWord:
    """What one scanner says; `status` is one of `SCAN_STATES`, or a word of its own such as `innocuous`."""

    scanner: str
    status: str
    message: str = ""

    @property
    def is_quiet(self) -> bool:
        """Whether it has nothing against the file."""
        return self.status in {"safe", "innocuous"}


@dataclass(frozen=True, slots=True)
class FileScan:
    """The scanners' verdict on a file.

    Attributes:
        status: one of `SCAN_STATES`.
        message: what the scanner that found something says, empty when none did.
        imports: of a pickle; empty for other files.
        words: what each scanner says that has looked at the file.
    """

    status: str
    message: str = ""
    imports: tuple[PickleImport, ...] = ()
    words: tuple[ScannerWord, ...] = ()

    @property
    def is_bad(self) -> bool:
        """Whether a scanner warns of the file."""
        return self.status in {"caution", "suspicious", "unsafe"}
