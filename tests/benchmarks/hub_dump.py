"""A made-up dump of the Hub: as many plausible models as asked for, as Parquet, always the same for the same seed.

Names, tasks, licences and formats follow the proportions of the real Hub as far as they matter to an index: a few
authors have thousands of repos and most have one, most repos have hardly any downloads, and most are fine-tunes of few.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hubtui.core import vocabulary

_FAMILIES = """
Llama-3.1 Llama-3.2 Qwen2.5 Qwen3 Mistral Mixtral gemma-2 gemma-3 phi-4 DeepSeek-R1-Distill SmolLM2 falcon
bloom gpt2 bert-base-uncased bert-large roberta-base xlm-roberta-base camembert-base distilbert deberta-v3
electra t5 flan-t5 mt5 bart-large whisper-small whisper-large-v3 wav2vec2-base hubert vit-base swin dinov2
clip-vit detr segformer stable-diffusion-v1-5 sdxl-lora FLUX.1-dev-lora all-MiniLM-L6 bge-m3 e5-base opus-mt
Reinforce-CartPole ppo-LunarLander
"""
_TAILS = """
instruct chat GGUF AWQ GPTQ 4bit 8bit mlx finetuned lora adapter sft dpo grpo merged v1 v2 v3 squad sst2 ner
emotion imdb medical legal code math french german korean arabic hindi tiny test demo final checkpoint-500
epoch3 ablit 16k 128k
"""
_TASKS = """
text-generation text-generation text-generation text-classification text-to-image reinforcement-learning
fill-mask automatic-speech-recognition token-classification feature-extraction sentence-similarity
image-classification question-answering translation summarization image-text-to-text object-detection
text-to-speech
"""
_LIBRARIES = """
transformers transformers transformers peft diffusers gguf sentence-transformers stable-baselines3 mlx timm
"""
_LICENSES = """
apache-2.0 apache-2.0 mit llama3.1 cc-by-nc-4.0 gemma openrail cc-by-4.0 other afl-3.0
"""
_SIZES = (22, 67, 110, 125, 355, 494, 1100, 1540, 3210, 7240, 8030, 14770, 32760, 70550)
_SYLLABLES = """
ka lo mi ra ten shi vor del na bu qua zen tri mo pa li ost er in an thu gra fe do
"""
_START = datetime(2022, 3, 2, tzinfo=UTC)
_CHUNK = 50_000


def write(path: Path, models: int, *, seed: int = 7) -> None:
    """Write a Parquet file of so many models, in the columns of the public dumps."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema(
        [
            *((name, pa.string()) for name in ("id", "author", "pipeline_tag", "library_name", "gated")),
            *((name, pa.int64()) for name in ("downloads", "likes")),
            ("trendingScore", pa.float64()),
            ("private", pa.bool_()),
            ("tags", pa.list_(pa.string())),
            ("createdAt", pa.timestamp("us", "UTC")),
            ("lastModified", pa.timestamp("us", "UTC")),
            ("cardData", pa.string()),
            ("inference", pa.string()),
            (
                "inferenceProviderMapping",
                pa.list_(pa.struct([(name, pa.string()) for name in ("provider", "providerId", "status", "task")])),
            ),
            ("safetensors", pa.struct([("parameters", pa.map_(pa.string(), pa.int64())), ("total", pa.int64())])),
        ]
    )
    maker = Maker(seed)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, models, _CHUNK):
            entries = [maker.entry(at) for at in range(start, min(start + _CHUNK, models))]
            writer.write_table(pa.Table.from_pylist(entries, schema=schema))


class Maker:
    """Makes one listing entry after another."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._served = random.Random(seed + 1)
        self._providers = [name for name in vocabulary.providers() if name != "all"]
        self._families = _FAMILIES.split()
        self._libraries = _LIBRARIES.split()
        self._licenses = _LICENSES.split()
        self._syllables = _SYLLABLES.split()
        self._tails = _TAILS.split()
        self._tasks = _TASKS.split()
        self._languages = list(vocabulary.languages())
        self._bases = [f"{self._word(2)}/{name}" for name in self._families for _ in range(40)]

    def entry(self, number: int) -> dict[str, Any]:
        """Return one entry as the Hub lists it, with times as `datetime`."""
        pick = self._random
        author = f"{self._word(2)}{int(pick.paretovariate(0.6)) % 400_000:x}"
        family = pick.choice(self._families)
        name = "-".join(
            [family, *pick.sample(self._tails, pick.randrange(3)), self._word(pick.randrange(1, 4)), f"{number:x}"]
        )
        task, library = pick.choice(self._tasks), pick.choice(self._libraries)
        has_card = pick.random() < 0.6
        size = pick.choice(_SIZES) * 1_000_000 + pick.randrange(900_000)
        downloads = int(pick.paretovariate(0.7)) - 1
        created = _START + timedelta(seconds=number * 50 + pick.randrange(40))
        weights = {"parameters": [(pick.choice(("BF16", "F32", "F16")), size)], "total": size}
        tags = self._tags(task, library, family) if has_card else ["safetensors", "region:us"]
        mapping = self._mapping(f"{author}/{name}", task)
        return {
            "id": f"{author}/{name}",
            "author": author,
            "pipeline_tag": task if has_card else None,
            "library_name": library if has_card or pick.random() < 0.5 else None,
            "gated": pick.choice(("auto", "manual")) if pick.random() < 0.02 else "false",
            "downloads": min(downloads, 10**8),
            "likes": min(int(pick.paretovariate(0.9)) - 1, 20_000),
            "trendingScore": float(int(pick.paretovariate(1.2)) if pick.random() < 0.02 else 0),
            "private": False,
            "tags": tags,
            "cardData": self._card(tags, task, library) if has_card else None,
            "inference": "warm" if mapping else None,
            "inferenceProviderMapping": mapping or None,
            "createdAt": created,
            "lastModified": created + timedelta(seconds=int(min(pick.expovariate(1 / 86_400), 3e7))),
            "safetensors": weights if pick.random() < 0.5 else None,
        }

    def _mapping(self, model: str, task: str) -> list[dict[str, str]]:
        """Who serves a model: one in fifty, and most of these by one provider."""
        pick = self._served
        if pick.random() >= 0.02:
            return []
        chosen = pick.sample(self._providers, pick.choice((1, 1, 1, 1, 2, 5)))
        return [{"provider": name, "providerId": model, "status": "live", "task": task} for name in chosen]

    @staticmethod
    def _card(tags: list[str], task: str, library: str) -> str:
        """The head of a card as JSON, as long as those of the Hub that an author or a training script wrote."""
        stated = {"base_model": "base_model:", "datasets": "dataset:", "license": "license:"}
        found = {key: [tag.partition(":")[2] for tag in tags if tag.startswith(word)] for key, word in stated.items()}
        words = [tag for tag in tags if ":" not in tag]
        return json.dumps({"library_name": library, "pipeline_tag": task, "tags": words, **found})

    def _tags(self, task: str, library: str, family: str) -> list[str]:
        pick = self._random
        tags = [library, pick.choice(("safetensors", "safetensors", "pytorch", "gguf", "onnx")), family.lower(), task]
        if pick.random() < 0.6:
            base = pick.choice(self._bases)
            tags += [f"base_model:{base}", f"base_model:{pick.choice(('finetune', 'quantized', 'adapter'))}:{base}"]
        if pick.random() < 0.3:
            tags.append(f"dataset:{self._word(2)}/{self._word(2)}")
        if pick.random() < 0.2:
            tags.append(f"arxiv:{pick.randrange(1901, 2612)}.{pick.randrange(20_000):05d}")
        tags += pick.sample(self._languages[:60], pick.choice((0, 1, 1, 1, 2, 5)))
        tags += [f"license:{pick.choice(self._licenses)}", "endpoints_compatible", "region:us"]
        return tags

    def _word(self, syllables: int) -> str:
        return "".join(self._random.choice(self._syllables) for _ in range(syllables))
