"""Configuration of the bag-of-words classifier."""

from typing import Any

from transformers import PretrainedConfig


class WordBagConfig(PretrainedConfig):
    """Sizes of a classifier that averages word vectors."""

    model_type = "word_bag"

    def __init__(
        self,
        vocab_size: int = 1000,
        hidden_size: int = 32,
        pad_token_id: int = 0,
        **kwargs: Any,  # noqa: ANN401 - whatever a configuration may hold
    ) -> None:
        """Take the number of words, the width of their vectors, and the id that is padding."""
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.pad_token_id = pad_token_id
        super().__init__(**kwargs)
