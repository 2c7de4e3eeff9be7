"""The Hub: search, facts, cards and downloads, through huggingface_hub's session and cache."""
