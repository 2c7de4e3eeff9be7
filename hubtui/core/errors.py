"""What can go wrong, as types: each carries one clear sentence and, where there is one, the next step."""

from __future__ import annotations

import time


class HubtuiError(Exception):
    """Something that was asked for failed.

    Attributes:
        message: one sentence that says what happened, fit for a person.
        hint: the next step, or an empty string.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return the sentence and the next step on one line."""
        return f"{self.message} {self.hint}".strip()


class UsageError(HubtuiError):
    """The words of a command or query are wrong (exit code 2)."""


class OutputError(HubtuiError):
    """Standard output takes no more: the disk is full, or the terminal is gone."""


class QueryError(UsageError):
    """A search text cannot be read.

    Attributes:
        position: index of the first wrong character in the text.
        end: index behind what the suggestion stands for; None when that is the one word at `position`.
        suggestion: the nearest valid word, or an empty string.
    """

    def __init__(
        self, message: str, *, position: int = 0, end: int | None = None, suggestion: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint or (f"Did you mean {suggestion}?" if suggestion else ""))
        self.position = position
        self.end = end
        self.suggestion = suggestion


class HubError(HubtuiError):
    """The Hub answered with an error, or with something that cannot be read."""


class ModelNotFoundError(HubError):
    """There is no such model, or it is private and this token may not see it."""


class RevisionNotFoundError(HubError):
    """The model has no such branch, tag or commit."""


class FileMissingError(HubError):
    """The revision has no such file."""


class GatedError(HubError):
    """The files are behind a form which this account has not been admitted through."""


class TokenRefusedError(HubError):
    """The Hub does not know the access token."""


class AnswerTooLongError(HubError):
    """The answer is longer than anything that hubtui would hold in memory."""


class RateLimitedError(HubError):
    """The quota of requests is used up.

    Attributes:
        retry_after_s: seconds until the quota is filled again, counted from the answer that refused.
        retry_at: that moment on the clock of `time.monotonic`; until then the client sends nothing.
    """

    def __init__(self, message: str, *, retry_after_s: float, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s
        self.retry_at = time.monotonic() + retry_after_s

    @property
    def wait_s(self) -> float:
        """Seconds that are still to be waited, for a countdown; 0 when it can be tried again."""
        return max(0.0, self.retry_at - time.monotonic())


class HubUnreachableError(HubError):
    """No answer: refused, unresolved, timed out or cut."""


class OfflineError(HubError):
    """hubtui was told to stay offline, and what was asked for is not on this machine."""


class DownloadError(HubError):
    """A file could not be fetched whole, or its hash differs."""


class CancelledError(HubtuiError):
    """The user stopped it."""


class CheckpointError(HubtuiError):
    """A checkpoint's files are missing, broken or unsafe to load."""


class TokenizerError(HubtuiError):
    """A tokenizer could not be loaded, or did not survive the text."""


class TaskError(HubtuiError):
    """The checkpoint cannot do the task that was asked for."""


class RunError(HubtuiError):
    """A run failed in the inference process.

    Attributes:
        log_tail: the last lines that process wrote, for the log and for the curious.
    """

    def __init__(self, message: str, *, hint: str = "", log_tail: str = "") -> None:
        super().__init__(message, hint=hint)
        self.log_tail = log_tail


class WorkerDiedError(RunError):
    """A worker process ended by itself (crash, kill, out of memory)."""


class CacheError(HubtuiError):
    """The Hugging Face cache cannot be read or changed as asked."""


class LocalStateError(HubtuiError):
    """A config or state file of hubtui's own cannot be read or written."""


class CatalogueError(LocalStateError):
    """The local catalogue is missing, damaged, of another version or in use, or a source of it cannot be read."""
