"""Formulas as readable text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtui.cards.latex import looks_like_math, to_unicode


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"x_{i}^{2} \leq \mathbb{R}", "xᵢ² ≤ ℝ"),
        (r"\frac{a+b}{c}", "(a+b)/c"),
        (r"\text{softmax}\left(\frac{QK^T}{\sqrt{d_k}}\right)V", "softmax(QKᵀ/(√dₖ))V"),
        (r"\sum_{i=1}^{n} \hat{y}_i", "∑ᵢ₌₁ⁿ ŷᵢ"),
        (r"\mathcal{L}_{\text{model}} \in \{a\}", "ℒ_model ∈ {a}"),
        (r"e^{i\pi} \cdot 10^{-4}", "e^(iπ) · 10⁻⁴"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a = b\nc = d"),
        (r"\sqrt[3]{x} \times \vec{v}", "∛x × v\u20d7"),
        (r"\unknown{x} + 1", r"\unknown{x} + 1"),
        ("{" * 100, "{" * 100),
    ],
)
def test_formula_reads_as_text(tex: str, text: str) -> None:
    assert to_unicode(tex) == text


@given(st.text(alphabet=r"\{}^_&[]abfracsqrtx12 $%" + "\n"))
def test_any_formula_is_read(tex: str) -> None:
    to_unicode(tex)


def test_prose_between_dollars_is_no_formula() -> None:
    assert all(map(looks_like_math, ("x", r"\alpha", "a = b")))
    assert not looks_like_math("HOME/bin:")
