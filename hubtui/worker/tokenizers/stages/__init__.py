"""What each stage of a tokenizer does to a text, asked of the stages themselves."""
