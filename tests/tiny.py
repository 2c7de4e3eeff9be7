"""Tiny checkpoints with random weights, for the heads and the defects that the demo repos do not have.

Everything is seeded: the same kind is the same checkpoint in every run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

_TEXT = (
    "the a an of in is was and to who what where when capital france paris london anna ben lives works sleeps river "
    "city cheese bread train book red green small large new old good bad very not this example about sports politics "
    "science . , ? ! ' :"
)
WORDS = _TEXT.split()
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
MAX_TOKENS = 40

_SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
# far above the usual 0.02, so that the logits of random weights differ
_SPREAD = {"initializer_range": 0.4}


def _transformers() -> Any:
    """The library without its types, which know no keyword arguments of configs; imported when it is needed."""
    import transformers

    return transformers


def tokenizer(**more: Any) -> Any:
    """A WordPiece tokenizer of `WORDS`, single characters and pieces of them."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    entries = dict.fromkeys([*SPECIAL, *WORDS, *letters, *(f"##{letter}" for letter in letters)])
    vocabulary = {token: index for index, token in enumerate(entries)}
    backend = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer()
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.post_processor = processors.BertProcessing(("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"]))
    backend.decoder = decoders.WordPiece()
    roles = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    options = {**roles, "mask_token": "[MASK]", "model_max_length": MAX_TOKENS, **more}
    return _transformers().PreTrainedTokenizerFast(tokenizer_object=backend, **options)


def _bert(head: str, **config: Any) -> Any:
    vocabulary = len(tokenizer())
    settings = {"vocab_size": vocabulary, "max_position_embeddings": MAX_TOKENS, **_SIZES, **_SPREAD, **config}
    return getattr(_transformers(), head)(_transformers().BertConfig(**settings))


def _labels(*names: str) -> dict[str, Any]:
    return {"id2label": dict(enumerate(names)), "label2id": {name: index for index, name in enumerate(names)}}


def _masked(folder: Path) -> None:
    _bert("BertForMaskedLM").save_pretrained(folder)


def _answering(folder: Path) -> None:
    _bert("BertForQuestionAnswering").save_pretrained(folder)


def _entities(folder: Path) -> None:
    labels = _labels("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
    _bert("BertForTokenClassification", **labels).save_pretrained(folder)


def _inference(folder: Path) -> None:
    labels = _labels("contradiction", "neutral", "entailment")
    _bert("BertForSequenceClassification", **labels).save_pretrained(folder)


def _multi_label(folder: Path) -> None:
    labels = {**_labels("red", "green", "small"), "problem_type": "multi_label_classification"}
    _bert("BertForSequenceClassification", **labels).save_pretrained(folder)


def _sentences(folder: Path) -> None:
    import torch
    from safetensors.torch import save_file

    _bert("BertModel").save_pretrained(folder)
    kinds = ["Transformer", "Pooling", "Dense", "Normalize"]
    modules = [
        {"idx": index, "name": str(index), "path": f"{index}_{kind}" if index else "",
         "type": f"sentence_transformers.models.{kind}"}
        for index, kind in enumerate(kinds)
    ]  # fmt: skip
    pooling = {"word_embedding_dimension": 32, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}
    dense = {
        "in_features": 32,
        "out_features": 8,
        "bias": True,
        "activation_function": "torch.nn.modules.activation.Tanh",
    }
    files = {"modules.json": modules, "1_Pooling/config.json": pooling, "2_Dense/config.json": dense,
             "sentence_bert_config.json": {"max_seq_length": 12, "do_lower_case": False}}  # fmt: skip
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(json.dumps(content), encoding="utf-8")
    layer = {"linear.weight": torch.randn(8, 32), "linear.bias": torch.randn(8)}
    save_file(layer, folder / "2_Dense" / "model.safetensors")


def _t5(folder: Path) -> None:
    library = _transformers()
    pairs = {f"translation_en_to_{code}": {"prefix": f"in {code} : ", "max_length": 12} for code in ("fr", "de")}
    config = library.T5Config(
        vocab_size=len(tokenizer()), d_model=32, d_kv=8, d_ff=64, num_layers=2, num_heads=4, decoder_start_token_id=0,
        pad_token_id=0, eos_token_id=3, initializer_factor=3.0,
        task_specific_params={**pairs, "summarization": {"prefix": "about : ", "num_beams": 2, "max_length": 10}},
    )  # fmt: skip
    library.T5ForConditionalGeneration(config).save_pretrained(folder)


def _bart(folder: Path) -> None:
    library = _transformers()
    config = library.BartConfig(
        vocab_size=len(tokenizer()), d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=64, decoder_ffn_dim=64, max_position_embeddings=MAX_TOKENS,
        pad_token_id=0, bos_token_id=2, eos_token_id=3, decoder_start_token_id=3, forced_eos_token_id=3, init_std=0.4,
    )  # fmt: skip
    library.BartForConditionalGeneration(config).save_pretrained(folder)


def _llama(folder: Path) -> None:
    library = _transformers()
    config = library.LlamaConfig(
        vocab_size=len(tokenizer()), max_position_embeddings=256, bos_token_id=2, eos_token_id=3, **_SIZES, **_SPREAD
    )
    library.LlamaForCausalLM(config).save_pretrained(folder)


def _vit(folder: Path) -> None:
    library = _transformers()
    config = library.ViTConfig(image_size=16, patch_size=4, **_SIZES, **_SPREAD, **_labels("circle", "square", "star"))
    library.ViTForImageClassification(config).save_pretrained(folder)
    library.ViTImageProcessorPil(size={"height": 16, "width": 16}).save_pretrained(folder)


def _languages(folder: Path) -> None:
    library = _transformers()
    words = ["<s>", "<pad>", "</s>", "<unk>", *(f"▁{word}" for word in WORDS)]
    spoken = library.NllbTokenizer(
        vocab={word: index for index, word in enumerate(words)}, merges=[],
        additional_special_tokens=["eng_Latn", "fra_Latn", "deu_Latn"], src_lang="eng_Latn",
        model_max_length=MAX_TOKENS,
    )  # fmt: skip
    config = library.M2M100Config(
        vocab_size=len(spoken), d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=64, decoder_ffn_dim=64, max_position_embeddings=MAX_TOKENS,
        pad_token_id=1, bos_token_id=0, eos_token_id=2, decoder_start_token_id=2, init_std=0.4,
    )  # fmt: skip
    library.M2M100ForConditionalGeneration(config).save_pretrained(folder)
    spoken.save_pretrained(folder)


_BUILDERS: dict[str, Callable[[Path], None]] = {
    "masked": _masked,
    "answering": _answering,
    "entities": _entities,
    "inference": _inference,
    "multi-label": _multi_label,
    "sentences": _sentences,
    "t5": _t5,
    "bart": _bart,
    "llama": _llama,
    "vit": _vit,
    "languages": _languages,
}
_BRINGS_ITS_OWN = {"vit", "languages"}
CHAT_TEMPLATE = "{% for m in messages %}{{ m['content'] }} {{ '[SEP]' }} {% endfor %}"


def build(kind: str, folder: Path) -> Path:
    """Write the checkpoint of a kind into a new folder and return it."""
    import torch

    folder.mkdir(parents=True)
    with torch.random.fork_rng():
        torch.manual_seed(7)
        _BUILDERS[kind](folder)
    if kind not in _BRINGS_ITS_OWN:
        more = {"chat_template": CHAT_TEMPLATE} if kind == "llama" else {}
        limit = {"model_max_length": 10**30} if kind == "llama" else {}
        tokenizer(**more, **limit).save_pretrained(folder)
    return folder


def change_json(file: Path, **changes: Any) -> None:
    """Change entries of a JSON file; None takes one out."""
    content = json.loads(file.read_text(encoding="utf-8"))
    content.update(changes)
    kept = {name: value for name, value in content.items() if value is not None}
    file.write_text(json.dumps(kept), encoding="utf-8")
