"""The repos that every triage meets: pickles, shards, missing parts, code, other libraries, other formats.

Most stand on a checkpoint that was trained before, so that what they do hold is real.
"""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import (
    AlbertForSequenceClassification,
    AlbertModel,
    AutoConfig,
    AutoModelForCausalLM,
    LlamaConfig,
    PreTrainedModel,
)

from hubtui.demo.training.classify import fit
from hubtui.demo.training.gguf import write_gguf
from hubtui.demo.training.loop import Plan, seeded
from hubtui.demo.training.outcome import Outcome, Workspace
from hubtui.demo.training.remote_code.configuration_word_bag import WordBagConfig
from hubtui.demo.training.remote_code.modeling_word_bag import WordBagForSequenceClassification
from hubtui.demo.training.sizes import names_of
from hubtui.demo.training.text.grammar import words
from hubtui.demo.training.text.sentiment import LABELS, disturbed, opinions
from hubtui.demo.training.tokenization import bert_tokenizer, characters

REMOTE_CODE = Path(__file__).parent / "remote_code"
WORD_BAG = Plan(steps=800, batch=64, rate=1e-2)
_NOTHING = Outcome({})
_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja")


def _base(space: Workspace, repo: str) -> Path:
    return space.repos / repo / "main"


def _copy(source: Path, target: Path, names: Iterable[str]) -> None:
    for name in names:
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)


def _counted(model: PreTrainedModel) -> Outcome:
    return Outcome({"parameters": f"{sum(p.numel() for p in model.parameters()):,}"})


def build_pickle_only(space: Workspace) -> Outcome:
    """Offer the sentiment classifier as a pickle only, as repos did before safetensors."""
    base = _base(space, "demo/tiny-sentiment-en")
    _copy(base, space.main, ["config.json", *_TOKENIZER])
    torch.save(load_file(base / "model.safetensors"), space.main / "pytorch_model.bin")
    return _NOTHING


def build_shards(space: Workspace) -> Outcome:
    """Cut the weather reporter into shards of a hundred kilobytes."""
    base = _base(space, "demo/tiny-weather-words")
    model = AutoModelForCausalLM.from_pretrained(base)
    model.save_pretrained(space.main, max_shard_size="120KB")
    _copy(base, space.main, _TOKENIZER)
    shards = len(list(space.main.glob("*.safetensors")))
    return Outcome({**_counted(model).figures, "shards": str(shards)})


def build_half(space: Workspace) -> Outcome:
    """Halve the story teller: the same weights in float16."""
    base = _base(space, "demo/tiny-gpt2-stories")
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float16)
    model.save_pretrained(space.main)
    _copy(base, space.main, _TOKENIZER)
    return _counted(model)


def build_no_tokenizer(space: Workspace) -> Outcome:
    """Keep the encoder of the ALBERT and leave its tokenizer out."""
    model = AlbertModel.from_pretrained(_base(space, "demo/tiny-albert-kitchen"), add_pooling_layer=False)
    model.save_pretrained(space.main)
    return _counted(model)


def build_no_head(space: Workspace) -> Outcome:
    """Announce a classifier whose weights end before the classifier: transformers then makes up a random one."""
    base = _base(space, "demo/tiny-albert-kitchen")
    encoder = AlbertModel.from_pretrained(base, add_pooling_layer=False)
    config = encoder.config
    config.architectures = [AlbertForSequenceClassification.__name__]
    config.update(names_of(["ham", "spam"]))
    config.save_pretrained(space.main)
    state = {f"albert.{name}": tensor for name, tensor in encoder.state_dict().items() if "position_ids" not in name}
    save_file(state, space.main / "model.safetensors", metadata={"format": "pt"})
    _copy(base, space.main, _TOKENIZER)
    return _counted(encoder)


def build_private_draft(space: Workspace) -> Outcome:
    """Keep the CamemBERT of the first tenth of the training for ourselves, in half precision."""
    repo = _base(space, "demo/tiny-camembert-fr")
    _copy(repo, space.main, _TOKENIZER)
    config = AutoConfig.from_pretrained(repo, dtype=torch.float16)
    config.save_pretrained(space.main)
    state = load_file(repo.parent / "history/early/model.safetensors")
    halved = {name: tensor.half() for name, tensor in state.items()}
    save_file(halved, space.main / "model.safetensors", metadata={"format": "pt"})
    return _NOTHING


def build_no_card(space: Workspace) -> Outcome:
    """Upload an unfinished ALBERT as people do on a Friday evening: no card, no word."""
    repo = _base(space, "demo/tiny-albert-kitchen")
    _copy(repo, space.main, ["config.json", *_TOKENIZER])
    _copy(repo.parent / "history/early", space.main, ["model.safetensors"])
    return _NOTHING


def build_config_only(space: Workspace) -> Outcome:
    """Announce a Llama of seven billion parameters; only its configuration is there."""
    config = LlamaConfig(
        vocab_size=32000,
        hidden_size=4096,
        intermediate_size=11008,
        num_hidden_layers=32,
        num_attention_heads=32,
        num_key_value_heads=32,
        max_position_embeddings=4096,
        architectures=["LlamaForCausalLM"],
        dtype="bfloat16",
    )
    config.save_pretrained(space.main)
    return _NOTHING


def build_gguf(space: Workspace) -> Outcome:
    """Convert the chat model to GGUF, which transformers, llama.cpp and others read."""
    write_gguf(_base(space, "demo/tiny-llama-chat"), space.main / "tiny-llama-chat-f16.gguf", "tiny-llama-chat")
    return _NOTHING


def build_word_bag(space: Workspace, plan: Plan = WORD_BAG) -> Outcome:
    """Train the bag-of-words classifier, whose model class comes with the repo."""
    rng = seeded(plan)
    examples = opinions()
    texts = [text for text, _ in examples]
    tokenizer = bert_tokenizer(words(texts), characters(texts, cased=False), 96)
    config = WordBagConfig(vocab_size=len(tokenizer), hidden_size=32, **names_of(LABELS))
    model = WordBagForSequenceClassification(config)
    outcome = fit(model, tokenizer, examples, space, plan, rng=rng, noise=disturbed)
    for source in sorted(REMOTE_CODE.glob("*_word_bag.py")):
        shutil.copyfile(source, space.main / source.name)
    model_code = (REMOTE_CODE / "modeling_word_bag.py").read_text(encoding="utf-8")
    (space.early / "modeling_word_bag.py").write_text(_without_mask(model_code), encoding="utf-8")
    path = space.main / "config.json"
    saved = json.loads(path.read_text(encoding="utf-8"))
    saved["auto_map"] = {
        "AutoConfig": "configuration_word_bag.WordBagConfig",
        "AutoModelForSequenceClassification": "modeling_word_bag.WordBagForSequenceClassification",
    }
    path.write_text(json.dumps(saved, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return outcome


def _without_mask(model_code: str) -> str:
    """The model file as it was first: padding counted as a word, which a later commit mended."""
    begin, end = model_code.index("        if attention_mask is None:"), model_code.index("        logits = ")
    return f"{model_code[:begin]}        mean = self.vectors(input_ids).mean(1)\n{model_code[end:]}"


def build_flair(space: Workspace) -> Outcome:
    """Hold what a flair tagger holds: one pickle, here with nothing but tensors in it."""
    torch.manual_seed(1)
    state = {
        "embeddings.weight": torch.randn(64, 16),
        "linear.weight": torch.randn(12, 16),
        "linear.bias": torch.zeros(12),
    }
    torch.save(state, space.main / "pytorch_model.bin")
    return _NOTHING


def build_asteroid(space: Workspace) -> Outcome:
    """Hold what an asteroid separator holds: one pickle, here of untrained tensors."""
    torch.manual_seed(2)
    state = {
        "encoder.filterbank._filters": torch.randn(16, 1, 16),
        "decoder.filterbank._filters": torch.randn(16, 1, 16),
    }
    torch.save(state, space.main / "pytorch_model.bin")
    return _NOTHING


def build_diffusers(space: Workspace) -> Outcome:
    """Hold the index and the part configurations of a diffusion pipeline, without weights."""
    parts = {"scheduler": ["diffusers", "DDPMScheduler"], "unet": ["diffusers", "UNet2DModel"]}
    noise = {"beta_schedule": "squaredcos_cap_v2", "num_train_timesteps": 200}
    sizes = {
        "sample_size": 32,
        "in_channels": 3,
        "out_channels": 3,
        "layers_per_block": 1,
        "block_out_channels": [16, 32],
    }
    written: dict[str, dict[str, object]] = {
        "model_index.json": {"_class_name": "DDPMPipeline", "_diffusers_version": "0.35.1", **parts},
        "scheduler/scheduler_config.json": {"_class_name": "DDPMScheduler", **noise},
        "unet/config.json": {"_class_name": "UNet2DModel", **sizes},
    }
    for name, content in written.items():
        path = space.main / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return _NOTHING


def build_withdrawn(space: Workspace) -> Outcome:
    """Leave only a configuration behind; the repo is disabled."""
    config = LlamaConfig(
        vocab_size=640, hidden_size=96, intermediate_size=192, num_hidden_layers=2, num_attention_heads=4
    )
    config.architectures = ["LlamaForCausalLM"]
    config.save_pretrained(space.main)
    return _NOTHING
