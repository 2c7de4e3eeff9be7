"""Chat templates: rendered by transformers itself, within bounds; whose tokens are whose; what is doubtful."""
