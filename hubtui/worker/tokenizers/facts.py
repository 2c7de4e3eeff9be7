"""What a tokenizer is and what its model takes, worked out from the Rust object and the checkpoint's JSON files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubtui.core.tokens import Algorithm, SpecialToken

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ROLES = ("pad", "bos", "eos", "unk", "cls", "sep", "mask")

VOCABULARY_FILES = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "spiece.model",
    "spm.model",
    "source.spm",
    "tokenizer.model",
    "sentencepiece.bpe.model",
    "sentencepiece.model",
    "bpe.codes",
    "vocab.bpe",
    "tekken.json",
    "tiktoken.model",
)
"""Names under which checkpoints keep a vocabulary."""

_MAX_JSON_BYTES = 8 << 20
# transformers writes int(1e30) where a checkpoint sets no limit
_HUGE = 10**20
# Their position ids start at pad_token_id + 1 (transformers, `create_position_ids_from_input_ids`), so the last ones
# are out of reach.
_POSITIONS_AFTER_PAD = frozenset(
    {
        "camembert",
        "data2vec-text",
        "ibert",
        "layoutlmv3",
        "lilt",
        "longformer",
        "markuplm",
        "mpnet",
        "roberta",
        "roberta-prelayernorm",
        "xlm-roberta",
        "xlm-roberta-xl",
        "xmod",
    }
)
_N_POSITIONS = frozenset({"gpt2", "openai-gpt", "gptj", "codegen", "ctrl", "imagegpt"})
# A vocabulary of single characters is a character tokenizer's; above this size nobody's is (Unicode's Han has 100,000).
_MAX_CHARACTERS = 150_000


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """What config.json says about the model behind the tokenizer.

    Attributes:
        embedding_size: rows of the token embedding.
        positions: longest sequence in tokens.
    """

    embedding_size: int | None = None
    positions: int | None = None


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object from a checkpoint; empty when it is missing, broken, too large or something else."""
    try:
        if path.stat().st_size > _MAX_JSON_BYTES:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def model_limits(folder: Path, embedding_size: int | None = None) -> ModelLimits:
    """Return the limits in a folder's config.json.

    Args:
        folder: of the checkpoint.
        embedding_size: overrides what the config says (from the weight headers, where the caller knows them).
    """
    config = read_json(folder / "config.json")
    text = config.get("text_config")
    inner = text if isinstance(text, dict) else {}
    rows = embedding_size or _count(config.get("vocab_size")) or _count(inner.get("vocab_size"))
    model_type = config.get("model_type")
    positions = _count(config.get("max_position_embeddings")) or _count(inner.get("max_position_embeddings"))
    if model_type in _N_POSITIONS:
        positions = positions or _count(config.get("n_positions"))
    if positions and model_type in _POSITIONS_AFTER_PAD:
        pad_token_id = config.get("pad_token_id", 1)
        positions -= (pad_token_id if isinstance(pad_token_id, int) else 1) + 1
    return ModelLimits(rows, positions if positions and positions > 0 else None)


def finite_length(value: object) -> int | None:
    """Return a `model_max_length`, None where it is absent or the sentinel for "no limit"."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 < value < _HUGE else None


def token_text(value: object) -> str | None:
    """Return the text of a token as tokenizer_config.json writes it: a string, or an object with `content`."""
    if isinstance(value, Mapping):
        value = value.get("content")
    return value if isinstance(value, str) and value else None


def declared_special_tokens(folder: Path, backend: Tokenizer) -> dict[str, SpecialToken | None]:
    """Return role → token as special_tokens_map.json and tokenizer_config.json declare them; the second one wins."""
    declared = {**read_json(folder / "special_tokens_map.json"), **read_json(folder / "tokenizer_config.json")}
    tokens = {role: token_text(declared.get(f"{role}_token")) for role in ROLES}
    return {role: SpecialToken(text, backend.token_to_id(text)) if text else None for role, text in tokens.items()}


def special_ids(backend: Tokenizer) -> frozenset[int]:
    """Return the ids of all added tokens that are marked special."""
    return frozenset(number for number, token in backend.get_added_tokens_decoder().items() if token.special)


def backend_algorithm(backend: Tokenizer) -> Algorithm:
    """Return how a Rust tokenizer finds its pieces.

    Its model's class, except where every piece of the vocabulary is one character: `byte` with a byte-level alphabet,
    else `character`, whatever the model class is that looks the characters up.
    """
    name = type(backend.model).__name__
    known: dict[str, Algorithm] = {
        "WordPiece": "WordPiece",
        "Unigram": "Unigram",
        "BPE": "BPE",
        "WordLevel": "WordLevel",
    }
    algorithm = known.get(name, "BPE")
    if backend.get_vocab_size(with_added_tokens=False) > _MAX_CHARACTERS:
        return algorithm
    added = {token.content for token in backend.get_added_tokens_decoder().values()}
    if not is_single_characters(set(backend.get_vocab(with_added_tokens=False)) - added):
        return algorithm
    return "byte" if type(backend.decoder).__name__ == "ByteLevel" else "character"


def is_byte_level(backend: Tokenizer) -> bool:
    """Tell whether the tokens of a Rust tokenizer spell bytes in the alphabet of GPT-2."""
    return b'"ByteLevel"' in backend.decoder.__getstate__() if backend.decoder is not None else False


def is_single_characters(pieces: set[str]) -> bool:
    """Tell whether every piece is one character, word-start and continuation marks aside."""
    bare = [_bare(piece) for piece in pieces]
    return any(bare) and all(len(piece) <= 1 for piece in bare)


def _bare(piece: str) -> str:
    if len(piece) == 1:
        return piece
    return piece.removeprefix("##").removeprefix("▁").removesuffix("</w>")


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def unread_pieces(folder: Path) -> tuple[str, str] | None:
    """Return why a vocabulary of SentencePiece or Mistral cannot be read, and the next step; None for other troubles.

    transformers tries other readers then, and its message is about the last of them.
    """
    if (folder / "tokenizer.json").is_file():
        return None
    suffixes = (".model", ".spm", "tekken.json")
    pieces = [name for name in VOCABULARY_FILES if name.endswith(suffixes) and (folder / name).is_file()]
    if not pieces:
        return None
    lacking = [package for package, module in _needed_for(pieces[0]).items() if not _is_installed(module)]
    if not lacking:
        return None
    return (
        f"to read {pieces[0]} it needs {' and '.join(lacking)}, which {'are' if lacking[1:] else 'is'} not installed.",
        f"pip install {' '.join(lacking)}, or take a checkpoint that has a tokenizer.json.",
    )


def _needed_for(name: str) -> dict[str, str]:
    """Return package → its module of what reads a vocabulary file."""
    if name == "tekken.json":
        return {"mistral-common": "mistral_common"}
    # transformers converts .model files through protobuf; what reads .spm itself needs sentencepiece only
    needed = {"sentencepiece": "sentencepiece"}
    return needed if name.endswith(".spm") else {**needed, "protobuf": "google.protobuf"}


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of the package that it is in
        return False
