"""Options that exclude each other are refused in one sentence with a way out, as AutoTokenizer refuses them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hubtui.core.errors import TokenizerError
from hubtui.core.tokens import SpecialToken, TokenizeOptions, TokenizerInfo
from hubtui.worker.tokenizers.refusals import check_cut_off, check_multiple, check_windows, is_panic, refused

_INFO = TokenizerInfo(
    "m", "WordPiece", 10, True, 512, "right", "right", {"pad": SpecialToken("[PAD]", 0)}, tokenizer_class="Slow"
)
_CUT = TokenizeOptions(truncation=True, max_length=9, stride=2)


@pytest.mark.parametrize(
    ("maximum", "multiple", "hint"), [(9, 8, "8 or 16"), (3, 8, "of 8,"), (9, 3, None), (9, None, None)]
)
def test_a_maximum_that_padding_would_round_up_again_is_refused(
    maximum: int, multiple: int | None, hint: str | None
) -> None:
    options = TokenizeOptions("longest", truncation=True, max_length=maximum, pad_to_multiple_of=multiple)
    if hint is None:
        check_multiple(_INFO, options)
        return
    with pytest.raises(TokenizerError) as raised:
        check_multiple(_INFO, options)
    assert hint in raised.value.hint


def test_what_does_not_pad_or_cut_needs_no_multiple() -> None:
    options = TokenizeOptions("longest", truncation=True, max_length=9, pad_to_multiple_of=8)
    check_multiple(_INFO, replace(options, padding="none"))
    check_multiple(_INFO, replace(options, truncation=False))
    check_multiple(replace(_INFO, special_tokens={"pad": None}), options)
    check_multiple(replace(_INFO, model_max_length=None), replace(options, max_length=None))


def test_windows_that_would_fill_the_memory_are_refused_before_they_are_made() -> None:
    long = "word " * 20_000
    check_windows(_INFO, _CUT, [(long, None)])
    with pytest.raises(TokenizerError, match="more than the"):
        check_windows(_INFO, replace(_CUT, max_length=512, stride=510), [(long, None)])
    with pytest.raises(TokenizerError, match="more than the"):
        check_windows(_INFO, _CUT, [(long, long)])  # each window of the one with each of the other
    check_windows(_INFO, replace(_CUT, truncation_strategy="only_first"), [(long, "short")])
    check_windows(_INFO, replace(_CUT, truncation=False), [(long, long)])


def test_tokenizers_without_windows_say_what_they_cannot_give() -> None:
    slow = replace(_INFO, fast=False)
    check_cut_off(_INFO, _CUT, [True, False], has_pairs=True)
    check_cut_off(slow, _CUT, [True, True], has_pairs=False)
    check_cut_off(slow, replace(_CUT, stride=None), [True, False], has_pairs=True)
    with pytest.raises(TokenizerError, match="only some sequences"):
        check_cut_off(slow, _CUT, [True, False], has_pairs=False)
    with pytest.raises(TokenizerError, match="longest_first cuts off a pair"):
        check_cut_off(slow, _CUT, [False], has_pairs=True)


class PanicException(BaseException):
    pass


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PanicException("`stride` must be strictly less than `max_len=4`"), "stride of 2"),
        (ValueError("tokenizer stride set to 9, which is greater"), "stride of 2"),
        (Exception("Truncation error: Second sequence not provided"), "there is none"),
        (
            Exception("Truncation error: Sequence to truncate too short to respect the provided max_length"),
            "not cut en",
        ),
        (AssertionError("Some items in the output dictionary have a different batch size than others."), "only some"),
        (RuntimeError("a stranger's \x1b[31mwords"), "M does not take this text: a stranger's"),
        (KeyError(), "M does not take this text: KeyError."),
    ],
)
def test_what_a_library_says_becomes_one_harmless_sentence(error: BaseException, words: str) -> None:
    said = refused(error, _INFO, _CUT, "M")
    assert words in said.message
    assert "\x1b" not in said.message
    assert "\n" not in said.message


def test_a_panic_of_the_library_is_told_from_the_end_of_the_process() -> None:
    assert is_panic(PanicException())
    assert not is_panic(KeyboardInterrupt())
