"""What was read of custom code, as it stands in the file of what hubtui remembers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from hubtui.core.code_reviews import CodeReview

MAX_REVIEWS = 500


def with_review(reviews: tuple[CodeReview, ...], review: CodeReview) -> tuple[CodeReview, ...]:
    """Return the reviews with a new one first, in place of an older one of the model."""
    return (review, *(other for other in reviews if other.model != review.model))[:MAX_REVIEWS]


def encoded(review: CodeReview) -> dict[str, Any]:
    """Return a review as JSON."""
    return {**asdict(review), "when": review.when.isoformat()}


def decoded(entry: Any) -> CodeReview:  # noqa: ANN401  any JSON may stand in the file
    """Return the review that JSON describes.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: it describes none.
    """
    return CodeReview(
        model=str(entry["model"]),
        commit=str(entry["commit"]),
        when=datetime.fromisoformat(entry["when"]),
        digests={str(name): str(digest) for name, digest in entry["digests"].items()},
        commits={str(name): str(commit) for name, commit in entry["commits"].items()},
    )
