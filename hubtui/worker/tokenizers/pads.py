"""What a checkpoint says about padding: its tokenizer, its config with the defaults of its class, its generation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hubtui.core.pad_doctor import PadFacts
from hubtui.core.tokens import TokenizerInfo
from hubtui.worker.tokenizers.facts import read_json

_GENERATES = ("ForCausalLM", "LMHeadModel", "DoubleHeadsModel", "ForConditionalGeneration")


def pad_facts(tokenizer: Any, info: TokenizerInfo, folder: Path) -> PadFacts:  # noqa: ANN401 - transformers' many classes
    """Return what tokenizer and JSON files of a checkpoint folder say about padding."""
    config = _config(folder)
    of_text = config.get_text_config(decoder=True) if config is not None else None
    number = _id(getattr(of_text, "pad_token_id", None))
    return PadFacts(
        pad=info.special_tokens["pad"],
        eos=info.special_tokens["eos"],
        unk=info.special_tokens["unk"],
        padding_side=info.padding_side,
        vocab_size=info.vocab_size,
        embedding_size=info.embedding_size,
        has_config=config is not None,
        config_pad_id=number,
        config_pad_token=tokenizer.convert_ids_to_tokens(number) if _is_token(number, info) else None,
        generation_pad_id=_id(read_json(folder / "generation_config.json").get("pad_token_id")),
        is_decoder=config is not None and _is_decoder(config),
    )


def _config(folder: Path) -> Any:  # noqa: ANN401 - transformers' many classes
    """Return the config as its class reads it: what equals the class's default is not in the file. None without one."""
    from transformers import AutoConfig

    if not (folder / "config.json").is_file():
        return None
    try:
        return AutoConfig.from_pretrained(str(folder), trust_remote_code=False, local_files_only=True)
    except Exception:  # noqa: BLE001 - a stranger's file may make it raise anything; then it says nothing about padding
        return None


def _is_decoder(config: Any) -> bool:  # noqa: ANN401 - transformers' many classes
    """Tell whether the model writes text and has no encoder: by its head, or by its type where none is named."""
    from transformers.models.auto.modeling_auto import (
        MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    )

    if config.is_encoder_decoder:
        return False
    heads = [str(name) for name in config.architectures or ()]
    if heads:
        return any(head.endswith(_GENERATES) for head in heads)
    # types of encoders are listed among the decoders too, for they can be made one
    is_either = config.model_type in MODEL_FOR_MASKED_LM_MAPPING_NAMES
    return config.model_type in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES and not is_either


def _id(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _is_token(number: int | None, info: TokenizerInfo) -> bool:
    return number is not None and number < info.vocab_size
