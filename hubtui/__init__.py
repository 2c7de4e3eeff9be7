"""hubtui: find, read, tokenize and run Hugging Face models without leaving the terminal."""

__version__ = "0.1.0"
