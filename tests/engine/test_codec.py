from __future__ import annotations

import pytest

from hubtui.core.results import RunOutcome, Timings
from hubtui.core.tokens import TokenizeOptions, TokenWindow
from hubtui.engine.codec import FrameReader, WireError, encode
from hubtui.engine.messages import (
    Delta,
    Done,
    Failed,
    InferenceAnswer,
    InferenceRequest,
)
from hubtui.engine.tokenizer_messages import TokenizerRequest, TypeText

TYPED = TypeText(3, "Le camembert\nest 🧀", TokenizeOptions("longest", truncation=True, max_length=8), TokenWindow(5))


def test_a_message_comes_out_as_it_went_in_however_the_pipe_cuts_it() -> None:
    reader: FrameReader[TokenizerRequest] = FrameReader(TokenizerRequest)
    frames = encode(TYPED) + encode(TYPED)
    found = [message for at in range(len(frames)) for message in reader.feed(frames[at : at + 1])]
    assert found == [TYPED, TYPED]


def test_the_outcome_of_a_run_keeps_its_outputs() -> None:
    outcome = RunOutcome(
        "m", "abc", "fill-mask", "BertForMaskedLM", "cpu", "float32", {"top_k": 2}, [{"score": 0.5, "token": 7}],
        Timings(run_s=0.1), 10, versions={"torch": "2"},
    )  # fmt: skip
    reader: FrameReader[InferenceAnswer] = FrameReader(InferenceAnswer)
    assert reader.feed(encode(Done(1, outcome)) + encode(Delta(1, "é"))) == [Done(1, outcome), Delta(1, "é")]


def test_a_frame_that_announces_too_much_is_refused_before_it_is_collected() -> None:
    reader: FrameReader[TokenizerRequest] = FrameReader(TokenizerRequest, max_bytes=1000)
    with pytest.raises(WireError, match="announced"):
        reader.feed(b"\xff\xff\xff\xff")


def test_a_message_of_another_schema_is_refused() -> None:
    reader: FrameReader[InferenceRequest] = FrameReader(InferenceRequest)
    with pytest.raises(WireError, match="could not be read"):
        reader.feed(encode(Failed(1, "RunError", "no")))


def test_half_a_character_is_refused_with_words() -> None:
    with pytest.raises(WireError, match="cannot be sent"):
        encode(Delta(1, "a\ud800"))


def test_a_message_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(WireError, match="bytes long"):
        encode(Delta(1, "x" * 100), max_bytes=50)
