"""Each way in which padding goes wrong is found, with what follows and a line that settles it."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from hubtui.core.pad_doctor import PadFacts, examine
from hubtui.core.tokens import SpecialToken

_SOUND = PadFacts(
    pad=SpecialToken("<pad>", 0),
    eos=SpecialToken("</s>", 2),
    unk=SpecialToken("<unk>", 3),
    padding_side="right",
    vocab_size=100,
    embedding_size=100,
    has_config=True,
    config_pad_id=0,
    config_pad_token="<pad>",
    generation_pad_id=0,
)
_DECODER = replace(_SOUND, is_decoder=True, padding_side="left")
_NONE = replace(_SOUND, pad=None, config_pad_id=None, config_pad_token=None)

CASES = [
    ("sound", _SOUND, []),
    ("sound decoder", _DECODER, []),
    ("an encoder pads on any side", replace(_SOUND, padding_side="left"), []),
    ("no config says nothing", PadFacts(SpecialToken("<pad>", 0), None, None, "right", 10), []),
    ("none", _NONE, ["none"]),
    ("none, nor an eos token", replace(_NONE, eos=None), ["none"]),
    ("none, but the config names one", replace(_SOUND, pad=None), ["none"]),
    ("none in a decoder", replace(_NONE, is_decoder=True), ["none", "wrong-side"]),
    ("no id", replace(_SOUND, pad=SpecialToken("<p>", None)), ["not-in-vocabulary"]),
    ("eos", replace(_SOUND, eos=SpecialToken("<pad>", 0)), ["is-eos"]),
    ("unk", replace(_SOUND, unk=SpecialToken("<pad>", 0)), ["shared-with-unk"]),
    ("outside", replace(_SOUND, embedding_size=0), ["outside-embedding"]),
    ("at the edge of the embedding", replace(_SOUND, embedding_size=1), []),
    ("wrong side", replace(_DECODER, padding_side="right"), ["wrong-side"]),
    ("config disagrees", replace(_SOUND, config_pad_id=1), ["config-disagrees"]),
    ("config says none", replace(_SOUND, config_pad_id=None), []),
    ("config of a decoder says none", replace(_DECODER, config_pad_id=None), ["config-none"]),
    ("generation disagrees", replace(_SOUND, generation_pad_id=7), ["generation-disagrees"]),
    ("generation says none", replace(_SOUND, generation_pad_id=None), []),
    (
        "the gravest first",
        replace(_DECODER, padding_side="right", eos=SpecialToken("<pad>", 0), generation_pad_id=5, config_pad_id=4),
        ["config-disagrees", "wrong-side", "generation-disagrees", "is-eos"],
    ),
]


@pytest.mark.parametrize(("facts", "names"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_wrong_is_found_and_nothing_else(facts: PadFacts, names: list[str]) -> None:
    findings = examine(facts)
    assert [finding.name for finding in findings] == names
    for finding in findings:
        ast.parse(finding.fix)
        assert finding.what[0].isupper()
        assert finding.consequence[0].islower()
        assert not finding.what.endswith(".")
        assert finding.sentence == f"{finding.what}: {finding.consequence}: {finding.fix}"


def test_the_remedy_for_no_pad_token_is_the_token_that_there_is() -> None:
    assert "tokenizer.eos_token" in examine(_NONE)[0].fix
    assert "add_special_tokens" in examine(replace(_NONE, eos=None))[0].fix
    named = examine(replace(_SOUND, pad=None))[0]
    assert "names id 0" in named.what
    assert named.fix == "tokenizer.pad_token = tokenizer.convert_ids_to_tokens(0)"


def test_a_strangers_token_is_shown_harmlessly() -> None:
    found = examine(replace(_SOUND, eos=SpecialToken("\x1b[31m", 0), pad=SpecialToken("\x1b[31m", 0)))
    assert "\x1b" not in found[0].sentence
