"""image-classification: what a picture shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hubtui.core.errors import UsageError
from hubtui.worker.tasks.base import Answer, Checkpoint, Job, check_top_k, each_text, pipeline_for

_TOP_K = 5


def run(checkpoint: Checkpoint, job: Job) -> Answer:
    """Run transformers' pipeline on a local picture.

    Outputs: a list of `{label, score}`, best first.
    """
    check_top_k(job)
    top_k = min(job.parameters.get("top_k", _TOP_K), checkpoint.model.config.num_labels)
    pipeline = pipeline_for(checkpoint, "image-classification")
    outputs = each_text(job, lambda path: pipeline(open_picture(path), top_k=top_k), "image")
    return Answer(outputs, {"top_k": top_k})


def open_picture(path: str) -> Any:  # noqa: ANN401 - a PIL image
    """Open a local picture; an address is not fetched.

    Raises:
        UsageError: no such file, or no picture that pillow reads.
    """
    from PIL import Image, UnidentifiedImageError

    file = Path(path).expanduser()
    try:
        picture = Image.open(file)
        picture.load()
    except FileNotFoundError:
        raise UsageError(
            f"There is no picture {path}.", hint="Give the path of an image file on this machine."
        ) from None
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as a picture: {str(error) or type(error).__name__}.") from error
    return picture
