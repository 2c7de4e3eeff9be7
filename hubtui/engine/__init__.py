"""Running tokenizers and models, the side of hubtui: messages, transport, processes; no torch."""
