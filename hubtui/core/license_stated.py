"""Where the licence of a model is stated: in the front matter, whose id can be judged, or only in the card's text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LicenseStated:
    """What is known of where a licence is stated.

    Attributes:
        id: licence id of the front matter or of the Hub's tags, empty when neither names one.
        section: heading of the card under which its text speaks of a licence, empty when none does or nobody looked.
    """

    id: str = ""
    section: str = ""

    @property
    def is_named(self) -> bool:
        """Whether there is an id."""
        return self.id not in {"", "unknown"}

    @property
    def is_spoken_of(self) -> bool:
        """Whether only the text of the card speaks of one, which nothing but a reader can judge."""
        return bool(self.section) and not self.is_named

    @property
    def words(self) -> str:
        """What to tell of it: empty where the front matter names one, and where nothing does."""
        if not self.is_spoken_of:
            return ""
        return f"no licence in the front matter; the card speaks of one under “{self.section}”"

    @property
    def brief(self) -> str:
        """The same behind the word licence, in few cells."""
        return f"not in the front matter, but see “{self.section}”" if self.is_spoken_of else ""
