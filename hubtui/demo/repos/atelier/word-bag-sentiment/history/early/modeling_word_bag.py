"""A bag-of-words classifier: the mean of the word vectors, then one linear layer.

This file does nothing but compute. Read it before you run it all the same: that is what `trust_remote_code` asks for.
"""

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers.modeling_outputs import SequenceClassifierOutput

from .configuration_word_bag import WordBagConfig


class WordBagForSequenceClassification(PreTrainedModel):
    """Classifies a text by its words, whatever their order."""

    config_class = WordBagConfig
    base_model_prefix = "bag"

    def __init__(self, config: WordBagConfig) -> None:
        """Make the word vectors and the classifier."""
        super().__init__(config)
        self.vectors = nn.Embedding(config.vocab_size, config.hidden_size)
        self.classifier = nn.Linear(config.hidden_size, len(config.id2label or {}))
        self.post_init()

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        labels: Tensor | None = None,
        token_type_ids: Tensor | None = None,  # noqa: ARG002 - BERT tokenizers give them
        return_dict: bool | None = None,  # noqa: ARG002 - pipelines ask for it
    ) -> SequenceClassifierOutput:
        """Return logits of shape (texts, labels), and the cross-entropy when labels are given."""
        mean = self.vectors(input_ids).mean(1)
        logits = self.classifier(torch.tanh(mean))
        loss = None if labels is None else nn.functional.cross_entropy(logits, labels)
        return SequenceClassifierOutput(loss=loss, logits=logits)
