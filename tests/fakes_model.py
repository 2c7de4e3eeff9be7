"""Fakes of what the model's side asks: downloads, a tokenizer of words, runs with ready answers. No clock, no sleep."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from hubtui.core.downloads import DownloadPlan
from hubtui.core.errors import CancelledError, HubtuiError, WorkerDiedError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Snapshot
from hubtui.core.results import RunDelta, RunEvent, RunOutcome, RunRequest, RunStage, Timings
from hubtui.core.tokens import (
    SpecialToken,
    TextStatistics,
    TokenizedView,
    TokenizeOptions,
    TokenizerInfo,
    TokenRow,
    TokenWindow,
    split_lines,
)

if TYPE_CHECKING:
    import threading

INFO = TokenizerInfo(
    model="almanach/camembert-base",
    algorithm="Unigram",
    vocab_size=32_005,
    fast=True,
    model_max_length=512,
    padding_side="right",
    truncation_side="right",
    special_tokens={
        "pad": SpecialToken("<pad>", 1),
        "bos": SpecialToken("<s>", 5),
        "eos": SpecialToken("</s>", 6),
        "unk": SpecialToken("<unk>", 4),
        "mask": SpecialToken("<mask>", 32_004),
    },
    tokenizer_class="CamembertTokenizer",
)
NO_PAD = replace(
    INFO, algorithm="BPE", special_tokens={**INFO.special_tokens, "pad": None}, tokenizer_class="GPT2Tokenizer"
)

_PIECE = re.compile(r"\s?\w{1,5}|\s?[^\w\s]|\s")


@dataclass
class FakeDownloads:
    """Downloads that take no time; `error` fails them, `gate` holds them half way."""

    error: HubtuiError | None = None
    needed_error: HubtuiError | None = None
    gate: threading.Event | None = None
    asked: list[str] = field(default_factory=list)
    here: dict[str, int] = field(default_factory=dict)
    free_bytes: int = 500_000_000_000

    def needed(self, facts: ModelFacts, purpose: str) -> tuple[FileEntry, ...]:
        """Return the files that the format names say."""
        self.asked.append(purpose)
        if self.needed_error is not None and purpose == "run":
            raise self.needed_error
        formats = {"tokenizer": {"tokenizer"}, "run": {"tokenizer", "safetensors", "config"}}
        wanted = formats.get(purpose, {entry.format for entry in facts.files})
        return tuple(entry for entry in facts.files if entry.format in wanted)

    def fetch(
        self,
        facts: ModelFacts,
        files: Sequence[FileEntry],
        *,
        progress: Callable[[DownloadProgress], None] | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Snapshot:
        """Tell of a half, then of the whole."""
        if self.error is not None:
            raise self.error
        total = sum(entry.size or 0 for entry in files)
        if progress is not None:
            progress(DownloadProgress(files[-1].path, total // 2, total, total // 2))
        if self.gate is not None:
            while not self.gate.wait(0.01):
                if is_cancelled is not None and is_cancelled():
                    raise CancelledError("The download was stopped.")
        return Snapshot(
            f"/cache/models--{facts.id.replace('/', '--')}/snapshots/{facts.commit}", facts.commit, total, 2.5
        )

    def presence(self, facts: ModelFacts) -> Mapping[str, int]:
        """Return what was set, of files that the facts name."""
        return {file.path: self.here[file.path] for file in facts.files if file.path in self.here}

    def plan(self, facts: ModelFacts, files: Sequence[FileEntry]) -> DownloadPlan:
        """Return a plan on a disk with the bytes free that were set."""
        total = sum(entry.size or 0 for entry in files)
        here = self.presence(facts)
        return DownloadPlan("/cache", total, total - sum(here.get(entry.path, 0) for entry in files), self.free_bytes)

    def discard(self, facts: ModelFacts, files: Sequence[FileEntry]) -> int:
        """Forget the beginnings."""
        del facts
        return sum(self.here.pop(file.path, 0) for file in files)


@dataclass
class FakeTokenizers:
    """Cuts words into pieces of five letters; answers at once, or to the listener when `is_late`."""

    info: TokenizerInfo = INFO
    error: HubtuiError | None = None
    is_late: bool = False
    folder: str = ""
    typed: list[str] = field(default_factory=list)
    _text: str = ""
    _options: TokenizeOptions = field(default_factory=TokenizeOptions)
    _generation: int = 0
    _listener: Callable[[TokenizedView | TokenizerInfo | HubtuiError], None] | None = None

    async def open(self, model: str, folder: str, *, embedding_size: int | None = None) -> TokenizerInfo:
        """Open the tokenizer that was set."""
        if self.error is not None:
            raise self.error
        self.folder = folder
        self.info = replace(self.info, model=model, embedding_size=embedding_size)
        return self.info

    def type(self, text: str, options: TokenizeOptions, window: TokenWindow) -> TokenizedView | None:
        """Tokenize a text."""
        self.typed.append(text)
        self._text, self._options = text, options
        return self.look(window)

    def look(self, window: TokenWindow) -> TokenizedView | None:
        """Return a window of the text that was typed last."""
        self._generation += 1
        view = self._view(window)
        if not self.is_late:
            return view
        self.tell(view)
        return None

    def tell(self, news: TokenizedView | TokenizerInfo | HubtuiError) -> None:
        """Tell the listener something, soon."""
        if self._listener is not None:
            asyncio.get_running_loop().call_soon(self._listener, news)

    def listen(self, listener: Callable[[TokenizedView | TokenizerInfo | HubtuiError], None]) -> None:
        """Remember who listens."""
        self._listener = listener

    async def close(self) -> None:
        """Nothing to end."""

    def _view(self, window: TokenWindow) -> TokenizedView:
        options, limit = self._options, self._options.max_length or self.info.model_max_length or 0
        lines = split_lines(self._text)
        sequences = [self._sequence(number, line) for number, line in enumerate(lines)]
        over = sum(len(rows) > (self.info.model_max_length or 10**9) for rows in sequences)
        cut = [rows[:limit] if options.truncation and limit else rows for rows in sequences]
        longest = max(map(len, cut))
        goal = {"none": 0, "longest": longest, "max_length": limit}[options.padding]
        padded = [self._padded(number, rows, goal) for number, rows in enumerate(cut)]
        flat = [row for rows in padded for row in rows]
        hand = self._hand(window, lines, flat)
        keep = options.max_length or self.info.model_max_length
        dropped = [
            len(before) - len(now) if options.truncation else max(0, len(now) - (keep or len(now)))
            for before, now in zip(sequences, cut, strict=True)
        ]
        if not options.truncation:
            last = 1 if options.special_tokens else 0
            flat = [
                replace(
                    row,
                    is_dropped=bool(
                        keep and dropped[row.sequence] and keep - last <= row.position < len(cut[row.sequence]) - last
                    ),
                )
                for row in flat
            ]
        return TokenizedView(
            generation=self._generation,
            info=None,
            window=window,
            rows=flat[window.first_row : window.first_row + window.rows],
            pieces=flat[window.first_piece : window.first_piece + window.pieces],
            total_tokens=len(flat),
            n_sequences=len(lines),
            longest=longest,
            n_padding=sum(row.kind == "pad" for row in flat),
            n_unknown=sum(row.kind == "unknown" for row in flat),
            n_truncated=sum(len(new) < len(old) for new, old in zip(cut, sequences, strict=True)),
            over_limit=over,
            lengths=[len(rows) for rows in cut],
            dropped=dropped,
            cut_at=keep,
            hand=hand,
            neighbours={number: f"▁n{number}" for row in flat[:500] for number in (row.id - 1, row.id + 1)},
            statistics=TextStatistics(
                characters=sum(map(len, lines)),
                n_bytes=sum(len(line.encode()) for line in lines),
                tokens=sum(row.kind in {"text", "unknown"} for row in flat),
                words=sum(len(line.split()) for line in lines),
            ),
        )

    def _hand(self, window: TokenWindow, lines: list[str], flat: list[TokenRow]) -> int | None:
        if window.caret is None or not flat:
            return min(window.hand or 0, len(flat) - 1) if flat else None
        number = min(window.caret[0], len(lines) - 1)
        before = [
            at
            for at, row in enumerate(flat)
            if row.sequence < number or (row.sequence == number and row.surface and row.start <= window.caret[1])
        ]
        return before[-1] if before else 0

    def _sequence(self, number: int, line: str) -> list[TokenRow]:
        found: list[tuple[str, str, int, int, Literal["text", "special", "pad", "unknown"]]] = []
        if self._options.special_tokens:
            found.append(("<s>", "", 0, 0, "special"))
        for match in _PIECE.finditer(line):
            surface = match[0]
            kind: Literal["text", "unknown"] = "unknown" if "\u2603" in surface else "text"
            token = "<unk>" if kind == "unknown" else surface.replace(" ", "▁")
            found.append((token, surface, match.start(), match.end(), kind))
        if self._options.special_tokens:
            found.append(("</s>", "", 0, 0, "special"))
        known = {"<s>": 5, "</s>": 6, "<unk>": 4}
        return [
            TokenRow(
                number, at, known.get(token, 10 + sum(map(ord, token)) % 9000), token, surface, start, end, kind, 1
            )
            for at, (token, surface, start, end, kind) in enumerate(found)
        ]

    def _padded(self, number: int, rows: list[TokenRow], goal: int) -> list[TokenRow]:
        pad = self.info.special_tokens["pad"]
        if pad is None or pad.id is None:
            return rows
        more = range(len(rows), goal)
        return [*rows, *(TokenRow(number, at, pad.id or 0, pad.token, "", 0, 0, "pad", 0) for at in more)]


ANSWERS: Mapping[str, Any] = {
    "fill-mask": [
        {"score": 0.512, "token": 7200, "token_str": "délicieux", "sequence": "Le camembert est délicieux :)"},
        {"score": 0.2031, "token": 2183, "token_str": "excellent", "sequence": "Le camembert est excellent :)"},
        {"score": 0.0413, "token": 26202, "token_str": "succulent", "sequence": "Le camembert est succulent :)"},
        {"score": 0.0291, "token": 528, "token_str": "meilleur", "sequence": "Le camembert est meilleur :)"},
        {"score": 0.0154, "token": 1654, "token_str": "parfait", "sequence": "Le camembert est parfait :)"},
    ],
    "text-classification": [{"label": "positive", "score": 0.998}, {"label": "negative", "score": 0.002}],
    "token-classification": [
        {"entity_group": "PER", "score": 0.998, "word": "Ada Lovelace", "start": 0, "end": 12},
        {"entity_group": "LOC", "score": 0.991, "word": "London", "start": 22, "end": 28},
    ],
    "question-answering": {"score": 0.973, "start": 11, "end": 20, "answer": "Camembert"},
    "zero-shot-classification": {
        "sequence": "one day I will see the world",
        "labels": ["travel", "cooking", "dancing"],
        "scores": [0.938, 0.037, 0.025],
    },
    "sentence-similarity": [0.61, 0.94],
    "feature-extraction": [[[0.1234 * column - 0.05 * row for column in range(32)] for row in range(7)]],
    "text-generation": [{"generated_text": "Once upon a time, there was a cheese that could talk."}],
    "translation": [{"translation_text": "Le fromage est bon."}],
    "summarization": [{"summary_text": "Cheese is good."}],
}


@dataclass
class FakeInference:
    """Runs that answer from `ANSWERS`; `hold` keeps one running until it is stopped (`softly`) or killed (`hard`)."""

    error: HubtuiError | None = None
    deltas: Sequence[str] = ()
    warnings: tuple[str, ...] = ()
    hold: Literal["", "softly", "hard"] = ""
    is_warm: bool = False
    requests: list[RunRequest] = field(default_factory=list)
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _failure: HubtuiError | None = None

    def warm(self) -> None:
        """Remember that it was asked."""
        self.is_warm = True

    async def run(self, request: RunRequest) -> AsyncGenerator[RunEvent, None]:
        """Tell the stages, then answer."""
        self.requests.append(request)
        yield RunStage("loading", "model.safetensors", 0.5)
        yield RunStage("running")
        for words in self.deltas:
            yield RunDelta(words)
        if self.hold:
            await self._stopped.wait()
        if self._failure is not None:
            raise self._failure
        if self.error is not None:
            raise self.error
        yield RunOutcome(
            model=request.model,
            revision=request.revision,
            task=request.task,
            head="CamembertForMaskedLM",
            device="cpu",
            dtype="float32",
            parameters=request.parameters,
            outputs=ANSWERS[request.task],
            timings=Timings(0.0, 0.31, 0.042),
            peak_bytes=612_000_000,
            tokens_per_second=34.2 if self.deltas else None,
            warnings=self.warnings,
            versions={"transformers": "5.23.0", "torch": "2.13.0"},
        )

    def cancel(self) -> None:
        """Stop the run that is held."""
        if self._failure is None and self.hold == "softly":
            self._failure = CancelledError("The run was stopped.")
            self._stopped.set()

    def kill(self) -> None:
        """End the run that is held."""
        self._failure = WorkerDiedError("The inference process was ended.", hint="Run again to start a new one.")
        self._stopped.set()

    async def close(self) -> None:
        """Nothing to end."""
