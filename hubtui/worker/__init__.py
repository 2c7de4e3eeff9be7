"""The worker processes: the only room that imports tokenizers, transformers and torch."""
