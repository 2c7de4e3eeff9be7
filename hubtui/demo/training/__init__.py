"""Trains the demo checkpoints and writes `hubtui/demo/repos/`.

Run as `python -m hubtui.demo.training [REPO…]`. Nothing else in hubtui imports this package, and it alone may import
torch, transformers, tokenizers and numpy: the demo Hub serves what was written and committed.
"""
