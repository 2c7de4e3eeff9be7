"""Configuration of the bag-of-words classifier."""

from transformers import PretrainedConfig


class WordBagConfig(PretrainedConfig):
    """Sizes of a classifier that averages word vectors."""

    model_type = "word_bag"

    def __init__(self, vocab_size=1000, hidden_size=32, pad_token_id=0, **kwargs):
        super().__init__(pad_token_id=pad_token_id, **kwargs)
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.pad_token_id = pad_token_id
