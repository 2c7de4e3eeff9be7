from __future__ import annotations

from typing import Any

from hubtui.worker.lengths import LongestSequence
from tests.worker.conftest import Checkpoints, Worker


def test_the_longest_sequence_is_that_of_the_prompt_and_what_is_written(
    worker: Worker, checkpoints: Checkpoints
) -> None:
    folder = checkpoints("llama")
    prompt = worker.run(folder, "text-generation", {"text": "the cat"}, max_new_tokens=1, chat=False).longest_tokens
    written = worker.run(folder, "text-generation", {"text": "the cat"}, max_new_tokens=5, chat=False).longest_tokens
    assert prompt is not None
    assert written == prompt + 4, "the last token is not fed back"


def test_a_picture_has_no_tokens(worker: Worker, checkpoints: Checkpoints, tmp_path: Any) -> None:
    from PIL import Image

    Image.new("RGB", (16, 16)).save(tmp_path / "picture.png")
    outcome = worker.run(checkpoints("vit"), "image-classification", {"image": str(tmp_path / "picture.png")})
    assert outcome.longest_tokens is None


def test_looking_ends_with_the_run() -> None:
    import torch

    layer = torch.nn.Linear(4, 4)
    with LongestSequence(layer) as longest:
        layer(torch.zeros(2, 4))
    layer(torch.zeros(2, 4))
    assert longest.tokens == 4
    assert not layer._forward_pre_hooks
