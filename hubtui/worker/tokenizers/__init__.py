"""Tokenizers of checkpoints: the raw one at once, AutoTokenizer as the reference, what is shown of both."""
