"""What hubtui and its tokenizer processes say to each other: `tokenizer` (tokenizers alone), `autotokenizer`.

Typing is answered by both kinds; what is asked besides, and once for all (`Inspection`), by `autotokenizer` alone.
"""

from __future__ import annotations

from hubtui.core.chats import Chat, RenderedChat
from hubtui.core.file_lengths import FilePlace, LinesMeasured
from hubtui.core.pad_doctor import PadReport
from hubtui.core.round_trips import RoundTrip
from hubtui.core.stages import TokenStages
from hubtui.core.token_vocabulary import DecodedIds, VocabularyPage, VocabularyQuery
from hubtui.core.tokenizer_comparison import SharedVocabulary, TokenizerMeasure
from hubtui.core.tokens import Tokenized, TokenizedView, TokenizeOptions, TokenizerInfo, TokenWindow
from hubtui.engine.messages import Failed, Message, Ready


class OpenTokenizer(Message, frozen=True):
    """Load the tokenizer of a folder for live typing; answered by `TokenizerOpened`.

    Attributes:
        cache_folder: where confirmed tokenizers are kept.
        confirmed: file with a confirmed tokenizer to take in place of the folder's tokenizer.json.
    """

    id: int
    model: str
    folder: str
    embedding_size: int | None = None
    cache_folder: str = ""
    confirmed: str = ""


class TokenizerOpened(Message, frozen=True):
    """The tokenizer is loaded and what it is.

    Attributes:
        confirmed: file that holds it as AutoTokenizer made it; empty when there is no Rust tokenizer behind it, or none
            was written.
    """

    id: int
    info: TokenizerInfo
    confirmed: str = ""


class TypeText(Message, frozen=True):
    """The text as it is now, one sequence a line; answered by `View` unless a newer one arrives first."""

    generation: int
    text: str
    options: TokenizeOptions
    window: TokenWindow


class LookAt(Message, frozen=True):
    """Other tokens of the text that was typed last; answered by `View`."""

    generation: int
    window: TokenWindow


class View(Message, frozen=True):
    """What the screen needs of the typed text."""

    view: TokenizedView


# -- what is asked of an open tokenizer, and answered as a whole -------------------------------------------------------


class Inspection(Message, frozen=True):
    """A question about the tokenizer that `OpenTokenizer` loaded."""

    id: int


class Inspected(Message, frozen=True):
    """The answer to one."""

    id: int


class EncodeTexts(Inspection, frozen=True):
    """Encode whole texts with AutoTokenizer (which `OpenTokenizer` loaded); answered by `TextsEncoded`."""

    texts: list[str]
    options: TokenizeOptions
    pairs: list[str] | None = None


class TextsEncoded(Inspected, frozen=True):
    """The whole batch."""

    result: Tokenized


class RenderChat(Inspection, frozen=True):
    """Render a conversation with the tokenizer's chat template; answered by `ChatRendered`."""

    chat: Chat


class ChatRendered(Inspected, frozen=True):
    """The prompt and its tokens, or why there is none."""

    rendered: RenderedChat


class TellStages(Inspection, frozen=True):
    """Take one text apart, stage by stage; answered by `StagesTold`."""

    text: str


class StagesTold(Inspected, frozen=True):
    """What each stage does to it."""

    result: TokenStages


class ExaminePads(Inspection, frozen=True):
    """Say what is wrong with the pad token; answered by `PadsExamined`."""


class PadsExamined(Inspected, frozen=True):
    """What the checkpoint says about padding."""

    report: PadReport


class DecodeIds(Inspection, frozen=True):
    """Say what ids stand for; answered by `IdsDecoded`."""

    ids: list[int]


class IdsDecoded(Inspected, frozen=True):
    """What they say."""

    decoded: DecodedIds


class TryRoundTrip(Inspection, frozen=True):
    """Encode texts and decode them again; answered by `RoundTripTried`."""

    texts: list[str]


class RoundTripTried(Inspected, frozen=True):
    """Whether each came back."""

    trips: list[RoundTrip]


class SearchVocabulary(Inspection, frozen=True):
    """Look for tokens; answered by `VocabularySearched`.

    Attributes:
        first: of the tokens found; None begins at what the query is about.
        count: of tokens to tell.
    """

    query: VocabularyQuery
    first: int | None
    count: int


class VocabularySearched(Inspected, frozen=True):
    """Some of the tokens found."""

    page: VocabularyPage


class MeasureLines(Inspection, frozen=True):
    """Tell how long some lines of a file on this machine are in tokens; answered by `MeasuredLines`."""

    path: str
    place: FilePlace
    special_tokens: bool


class MeasuredLines(Inspected, frozen=True):
    """Their lengths, and where the next lines begin."""

    measured: LinesMeasured


class MeasureTexts(Inspection, frozen=True):
    """Encode texts, and samples in many languages, to be compared with other tokenizers; answer: `TextsMeasured`."""

    texts: list[str]


class TextsMeasured(Inspected, frozen=True):
    """The pieces and the figures."""

    result: TokenizerMeasure


class ShareVocabulary(Inspection, frozen=True):
    """Compare the vocabulary with that of another checkpoint folder; answered by `VocabularyShared`."""

    model: str
    folder: str


class VocabularyShared(Inspected, frozen=True):
    """What the two have in common."""

    result: SharedVocabulary


InspectionRequest = (
    EncodeTexts
    | RenderChat
    | TellStages
    | ExaminePads
    | DecodeIds
    | TryRoundTrip
    | SearchVocabulary
    | MeasureLines
    | MeasureTexts
    | ShareVocabulary
)
InspectionAnswer = (
    TextsEncoded
    | ChatRendered
    | StagesTold
    | PadsExamined
    | IdsDecoded
    | RoundTripTried
    | VocabularySearched
    | MeasuredLines
    | TextsMeasured
    | VocabularyShared
)
TokenizerRequest = OpenTokenizer | TypeText | LookAt | InspectionRequest
TokenizerAnswer = Ready | TokenizerOpened | View | InspectionAnswer | Failed
