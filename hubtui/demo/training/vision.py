"""A Vision Transformer that names a coloured shape."""

import random
from pathlib import Path

import torch
from torch import Tensor
from transformers import ViTConfig, ViTForImageClassification
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

from hubtui.demo.training.loop import Plan, seeded, train
from hubtui.demo.training.outcome import Metric, Outcome, Workspace, described
from hubtui.demo.training.sizes import SHARP, STILL, names_of
from hubtui.demo.training.text.shapes import LABELS, SIZE, picture

PLAN = Plan(steps=1500, batch=48, rate=1.5e-3)
_STOCK = 4000  # pictures drawn once; drawing one takes longer than learning from it
_SAMPLES = ("red circle", "green triangle", "blue star", "yellow square")


def build_shapes(space: Workspace, plan: Plan = PLAN) -> Outcome:
    """Train the classifier of sixteen coloured shapes and put four pictures beside it to try it on."""
    rng = seeded(plan)
    config = ViTConfig(
        image_size=SIZE,
        patch_size=4,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        **STILL,
        **SHARP,
        **names_of(LABELS),
    )
    model = ViTForImageClassification(config)
    processor = ViTImageProcessorPil(size={"height": SIZE, "width": SIZE})
    processor.save_pretrained(space.main)
    pixels, labels = _pictures(random.Random(plan.seed + 1), _STOCK, processor)

    def next_batch() -> dict[str, Tensor]:
        chosen = torch.tensor([rng.randrange(_STOCK) for _ in range(plan.batch)])
        return {"pixel_values": pixels[chosen], "labels": labels[chosen]}

    done = train(model, next_batch, plan)
    model.save_pretrained(space.main)
    _write_samples(space.main / "samples")
    tested, wanted = _pictures(random.Random(1000), 480, processor)
    with torch.no_grad():
        right = float((model(pixel_values=tested).logits.argmax(-1) == wanted).float().mean())
    figures = described(model, done, training=f"{_STOCK:,}", held_out=480, accuracy=right, classes=len(LABELS))
    return Outcome(figures, (Metric("accuracy", "Accuracy", right),), done.seconds)


def _pictures(rng: random.Random, count: int, processor: ViTImageProcessorPil) -> tuple[Tensor, Tensor]:
    """Return pixel values of shape (count, 3, size, size) and labels, every label equally often."""
    labels = [i % len(LABELS) for i in range(count)]
    images = [picture(rng, label) for label in labels]
    return processor(images, return_tensors="pt")["pixel_values"], torch.tensor(labels)


def _write_samples(folder: Path) -> None:
    folder.mkdir()
    for number, label in enumerate(_SAMPLES):
        image = picture(random.Random(number), LABELS.index(label))
        image.save(folder / f"{label.replace(' ', '-')}.png", optimize=True)
