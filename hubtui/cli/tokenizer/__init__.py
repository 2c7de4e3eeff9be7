"""What `hubtui tokenize` can be asked: its arguments, its input, and one module for each question but the first."""
