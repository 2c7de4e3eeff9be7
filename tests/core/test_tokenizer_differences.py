from __future__ import annotations

import json
from typing import Any

import pytest

from hubtui.core.tokenizer_differences import tokenizer_changes


def _sentences(file: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [change.sentence for change in tokenizer_changes({file: before}, {file: after})]


def test_special_tokens_are_compared_by_their_text_however_they_are_written() -> None:
    before = {"pad_token": {"content": "<pad>", "lstrip": False}, "mask_token": "<mask>", "model_max_length": 512}
    after = {"pad_token": "<pad>", "mask_token": {"content": "[MASK]"}, "model_max_length": 1024, "eos_token": "</s>"}
    assert _sentences("tokenizer_config.json", before, after) == [
        "mask_token <mask> → [MASK]",
        "model_max_length 512 → 1024",
        "eos_token </s> added",
    ]
    assert _sentences("special_tokens_map.json", {"cls_token": "<s>"}, {"cls_token": "[CLS]"}) == [
        "cls_token <s> → [CLS]"
    ]


def test_added_tokens_are_named_with_their_ids() -> None:
    before = {"added_tokens_decoder": {"0": {"content": "<pad>"}, "7": {"content": "<a>"}}}
    after = {"added_tokens_decoder": {"0": {"content": "<pad>"}, "7": {"content": "<b>"}, "8": {"content": "<tool>"}}}
    assert _sentences("tokenizer_config.json", before, after) == [
        "added_tokens.7 <a> → <b>",
        "added_tokens.8 <tool> added",
    ]
    assert _sentences("added_tokens.json", {"<x>": 5}, {"<y>": 5}) == ["added_tokens.5 <x> → <y>"]


def test_a_chat_template_is_said_to_be_another_one_and_not_printed() -> None:
    found = _sentences("tokenizer_config.json", {"chat_template": "x" * 90}, {"chat_template": "y" * 1_234})
    assert found == ["chat_template (90 characters) → (1,234 characters)"]
    assert _sentences("tokenizer_config.json", {}, {"chat_template": "y"}) == ["chat_template (1 characters) added"]


@pytest.mark.parametrize("kind", ["object", "list"])
def test_a_vocabulary_is_compared_token_by_token(kind: str) -> None:
    def fast(*tokens: str) -> dict[str, Any]:
        vocab = (
            {token: at for at, token in enumerate(tokens)} if kind == "object" else [[token, -1.0] for token in tokens]
        )
        return {"model": {"type": "X", "vocab": vocab, "merges": [["a", "b"]] * len(tokens)}, "normalizer": None}

    assert _sentences("tokenizer.json", fast("a", "b", "c"), fast("a", "c", "d", "e")) == [
        "vocabulary 3 → 4",
        "vocabulary.1 b removed",
        "vocabulary.2 d added",
        "vocabulary.3 e added",
        "vocabulary tokens with another id 0 → 1",
        "merges 3 → 4",
    ]


def test_the_steps_of_a_tokenizer_and_its_added_tokens_are_compared() -> None:
    def fast(lowercase: bool, token: str) -> dict[str, Any]:
        return {
            "added_tokens": [{"id": 5, "content": token, "special": True}],
            "normalizer": {"type": "BertNormalizer", "lowercase": lowercase},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {}},
        }

    assert _sentences("tokenizer.json", fast(True, "[CLS]"), fast(False, "<s>")) == [
        "added_tokens.5 [CLS] → <s>",
        "normalizer.lowercase true → false",
    ]


def test_thousands_of_new_tokens_are_counted() -> None:
    after = {"model": {"vocab": {f"t{number}": number for number in range(1_000)}}}
    found = _sentences("tokenizer.json", {"model": {"vocab": {}}}, after)
    assert len(found) == 22
    assert found[-1] == "vocabulary tokens added 0 → 980"
    many = {f"<{number}>": number for number in range(100)}
    assert _sentences("added_tokens.json", {}, many)[-1] == "more added_tokens 0 → 80"


@pytest.mark.parametrize(
    "odd",
    [{}, {"model": 3, "added_tokens": {"a": 1}}, {"model": {"vocab": [3, []], "merges": "x"}, "added_tokens": [1]}],
)
def test_files_of_another_shape_cost_only_what_they_lack(odd: dict[str, Any]) -> None:
    assert isinstance(json.dumps(_sentences("tokenizer.json", odd, {"model": {"vocab": {"a": 0}}})), str)
    assert isinstance(_sentences("tokenizer_config.json", odd, {"added_tokens_decoder": 3}), list)
