"""What a tokenizer does to a text, as plain values (the shapes of `hubtui tokenize --json`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal, TypeAlias

from hubtui.core.padding import PaddingCost

Padding = Literal["none", "longest", "max_length"]
Side = Literal["left", "right"]
TruncationStrategy = Literal["longest_first", "only_first", "only_second"]
Algorithm = Literal["WordPiece", "Unigram", "BPE", "WordLevel", "character", "byte"]


@dataclass(frozen=True, slots=True)
class TokenizeOptions:
    """How to encode.

    Attributes:
        padding: `longest` pads to the longest sequence, `max_length` to `max_length` (or the model's limit).
        truncation: cut at `max_length` (or at the model's limit).
        max_length: in tokens; None takes the tokenizer's `model_max_length`.
        special_tokens: add `[CLS]`, `</s>` and the like.
        padding_side: None takes the tokenizer's own.
        truncation_side: the side that is cut; None takes the tokenizer's own.
        truncation_strategy: which text of a pair is cut.
        stride: also give what truncation cuts off, in windows that overlap by this many tokens; None drops it.
        pad_to_multiple_of: round the length that is padded to up to a multiple of it.
        pairs: the lines of a typed text go two by two (whole batches are given their pairs apart).
    """

    padding: Padding = "none"
    truncation: bool = False
    max_length: int | None = None
    special_tokens: bool = True
    padding_side: Side | None = None
    truncation_side: Side | None = None
    truncation_strategy: TruncationStrategy = "longest_first"
    stride: int | None = None
    pad_to_multiple_of: int | None = None
    pairs: bool = False


@dataclass(frozen=True, slots=True)
class SpecialToken:
    """A special token and its id; `id` is None when the vocabulary does not hold it."""

    token: str
    id: int | None


@dataclass(frozen=True, slots=True)
class TokenizerInfo:
    """What a tokenizer is.

    Attributes:
        model: model id or folder.
        vocab_size: `len(tokenizer)`, added tokens included.
        fast: there is a Rust tokenizer behind it.
        model_max_length: in tokens, None when the checkpoint sets none.
        special_tokens: role (`pad`, `bos`, `eos`, `unk`, `cls`, `sep`, `mask`) → token; None where there is none.
        provisional: read from tokenizer.json alone; AutoTokenizer has not confirmed it yet.
        tokenizer_class: the transformers class, empty while provisional.
        embedding_size: rows of the model's embedding as config.json says, None when it does not.
        pad_type_id: type id of pad tokens.
        positions: tokens that the model has positions for; past them it fails.
        byte_level: tokens spell bytes in the alphabet of GPT-2.
    """

    model: str
    algorithm: Algorithm
    vocab_size: int
    fast: bool
    model_max_length: int | None
    padding_side: str
    truncation_side: str
    special_tokens: dict[str, SpecialToken | None]
    provisional: bool = False
    tokenizer_class: str = ""
    embedding_size: int | None = None
    pad_type_id: int = 0
    positions: int | None = None
    byte_level: bool = False


@dataclass(frozen=True, slots=True)
class TokenSequence:
    """One encoded sequence; the lists have one entry a token, padding included.

    Attributes:
        text: the text that went in.
        pair: the second text, None when there is none.
        offsets: (start, end) in characters of `text` (of `pair` where `sequence_ids` is 1); (0, 0) for tokens that
            stand for no text.
        sequence_ids: 0 for `text`, 1 for `pair`, None for special and padding tokens.
        n_tokens: without padding.
        truncated: the text was cut.
        padding: number of pad tokens.
        source: number of the text that it is of; several windows of one text are several sequences.
        window: which window of that text, 0 the first.
        overflow: ids that truncation cut off, from tokenizers that give them as one list instead of windows.
    """

    text: str
    ids: list[int]
    tokens: list[str]
    offsets: list[tuple[int, int]]
    attention_mask: list[int]
    special_tokens_mask: list[int]
    type_ids: list[int]
    n_tokens: int
    truncated: bool
    padding: int
    pair: str | None = None
    sequence_ids: list[int | None] = field(default_factory=list)
    source: int = 0
    window: int = 0
    overflow: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tokenized:
    """A batch of encoded sequences and what to know about the tokenizer that made them."""

    info: TokenizerInfo
    sequences: list[TokenSequence]
    warnings: list[str] = field(default_factory=list)
    elapsed_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class MatrixWindow:
    """A rectangle of the matrix whose rows are sequences (with the windows of each) and whose columns are positions."""

    first_row: int = 0
    rows: int = 40
    first_column: int = 0
    columns: int = 40


@dataclass(frozen=True, slots=True)
class TokenWindow:
    """Which tokens the screen shows: of the flat list (all sequences one after another, padding included), or a matrix.

    Attributes:
        matrix: a part of the matrix of sequences and positions is wanted too.
        hand: place of the token in hand in that list: `first_piece` is then found for it.
        caret: (sequence, character) of the text cursor: the token there is then the one in hand, and `first_row` is
            found for it too, unless the rows hold it already.
    """

    first_row: int = 0
    rows: int = 40
    first_piece: int = 0
    pieces: int = 600
    matrix: MatrixWindow | None = None
    hand: int | None = None
    caret: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token of one sequence: a line of the table, a piece of the text.

    Attributes:
        sequence: which sequence; position: which token of it.
        surface: the characters of the text that the token covers, empty for special and padding tokens.
        kind: `text`, `special`, `pad` or `unknown`.
        of_pair: it stands for a part of the second text of a pair.
        is_dropped: truncation would drop it.
    """

    sequence: int
    position: int
    id: int
    token: str
    surface: str
    start: int
    end: int
    kind: Literal["text", "special", "pad", "unknown"]
    attention_mask: int
    type_id: int = 0
    of_pair: bool = False
    is_dropped: bool = False


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One row of the matrix.

    Attributes:
        sequence: number of the text (of the pair); window: which window of it, 0 the first.
        length: of the row, padding included.
        n_tokens: without padding.
        cells: those of the columns that were asked for.
    """

    sequence: int
    window: int
    length: int
    n_tokens: int
    cells: list[TokenRow]


@dataclass(frozen=True, slots=True)
class TokenMatrix:
    """A part of the matrix of a batch, and its shape.

    Attributes:
        window: which part.
        rows: those of the window.
        n_rows: of the whole matrix.
        shortest, longest: row, padding included: without padding rows are ragged.
        costs: what each padding would make of these rows.
    """

    window: MatrixWindow
    rows: list[MatrixRow]
    n_rows: int
    shortest: int
    longest: int
    costs: list[PaddingCost]


@dataclass(frozen=True, slots=True)
class TextStatistics:
    """What a text costs, added tokens and padding aside.

    Attributes:
        characters, n_bytes: of the text (bytes in UTF-8).
        tokens: that stand for the text.
        words: runs without blanks and punctuation. split_words: those of more than one token.
        split_clusters: what the reader sees as one character and a boundary cuts.
    """

    characters: int = 0
    n_bytes: int = 0
    tokens: int = 0
    words: int = 0
    split_words: int = 0
    split_clusters: int = 0


@dataclass(frozen=True, slots=True)
class TokenizedView:
    """What the screen needs of a batch: totals, and the tokens of one `TokenWindow`.

    Attributes:
        info: None when it is the same as in the last view.
        generation: number of the request that this answers, counted up by the sender.
        lengths: tokens of each sequence without padding (of the first 1,000 sequences).
        over_limit: number of sequences that are longer than the model takes, before truncation.
        matrix: where the window asked for one.
        window: as asked for, with the places that were found.
        dropped: tokens of each sequence (of the first 1,000) that truncation dropped, or would drop.
        cut_at: length in tokens at which it does, None where nothing says.
        hand: place of the token in hand, None when nobody asked or there are none.
        neighbours: id → token, of the ids beside those of `rows`.
    """

    generation: int
    info: TokenizerInfo | None
    window: TokenWindow
    rows: list[TokenRow]
    pieces: list[TokenRow]
    total_tokens: int
    n_sequences: int
    longest: int
    n_padding: int
    n_unknown: int
    n_truncated: int
    over_limit: int
    lengths: list[int]
    warnings: list[str] = field(default_factory=list)
    elapsed_ms: float = 0.0
    matrix: TokenMatrix | None = None
    dropped: list[int] = field(default_factory=list)
    cut_at: int | None = None
    hand: int | None = None
    neighbours: dict[int, str] = field(default_factory=dict)
    statistics: TextStatistics = TextStatistics()


TextInput: TypeAlias = tuple[str, str | None]
"""One text, or a pair."""


def typed_inputs(text: str, *, pairs: bool) -> list[TextInput]:
    """Return what a typed text is: each line, or with `pairs` each two lines; the last may lack its second."""
    lines = split_lines(text)
    if not pairs:
        return [(line, None) for line in lines]
    return [(first, second) for first, second in zip_longest(lines[::2], lines[1::2], fillvalue="")]


def split_lines(text: str) -> list[str]:
    """Return the sequences of a text: one a line; the newline at the very end opens none."""
    lines = text.split("\n")
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines
