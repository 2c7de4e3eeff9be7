"""The one training loop: AdamW, warm-up, linear decay, clipping; the same plan gives the same bytes on one machine."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

Batch = Mapping[str, Tensor]


@dataclass(frozen=True)
class Plan:
    """How long and how fast a checkpoint is trained.

    Attributes:
        steps: Optimiser steps.
        batch: Examples a step.
        rate: Peak learning rate.
        seed: Seeds the weights, the order of the examples and the masks.
        warmup: Steps of linear warm-up.
    """

    steps: int
    batch: int
    rate: float
    seed: int = 20
    warmup: int = 50

    def shortened(self, steps: int) -> "Plan":
        """Return this plan with fewer steps."""
        return replace(self, steps=steps)


@dataclass(frozen=True)
class Training:
    """What a finished training run can say about itself; `seconds` is processor time, on one thread."""

    plan: Plan
    loss: float
    seconds: float


def seeded(plan: Plan) -> random.Random:
    """Fix every source of chance in torch and return the generator for the examples."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    torch.manual_seed(plan.seed)
    return random.Random(plan.seed)


def train(
    model: nn.Module,
    next_batch: Callable[[], Batch],
    plan: Plan,
    at: Mapping[int, Callable[[], None]] | None = None,
    loss_of: Callable[[Batch], Tensor] | None = None,
) -> Training:
    """Train `model` in place.

    Args:
        model: Returns an output with a `loss` when called with a batch, unless `loss_of` is given.
        next_batch: Draws the batch of the next step.
        plan: Steps, batch size and learning rate.
        at: What to do after a step, by its number; used to keep an earlier checkpoint.
        loss_of: Computes the loss of a batch for models that do not.
    """
    decayed = [p for p in model.parameters() if p.requires_grad and p.ndim > 1]
    plain = [p for p in model.parameters() if p.requires_grad and p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=plan.rate, foreach=False)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace(step, plan))
    model.train()
    started, average = time.process_time(), 0.0
    for step in range(1, plan.steps + 1):
        batch = next_batch()
        loss = loss_of(batch) if loss_of else model(**batch).loss
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        average = loss.item() if step == 1 else 0.95 * average + 0.05 * loss.item()
        if at and step in at:
            model.eval()
            at[step]()
            model.train()
    model.eval()
    return Training(plan, average, time.process_time() - started)


def _pace(step: int, plan: Plan) -> float:
    if step < plan.warmup:
        return (step + 1) / plan.warmup
    return max(0.0, (plan.steps - step) / max(1, plan.steps - plan.warmup))
