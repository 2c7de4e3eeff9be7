"""Model cards: Markdown and YAML from strangers in, safe styled lines and typed facts out."""
