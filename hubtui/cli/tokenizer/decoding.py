"""`hubtui tokenize MODEL --decode 5,319,393`: what ids say."""

from __future__ import annotations

import argparse

from hubtui.cli.output import note, print_facts, print_json, print_line
from hubtui.cli.tokenizer.inputs import asked, tokenizer_of, without_text
from hubtui.cli.tokenizer.vocabulary import entry_document, print_entries
from hubtui.core.ports import Services
from hubtui.core.untrusted import reveal


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Decode and print."""
    without_text(arguments, "--decode")
    model, folder = tokenizer_of(arguments, services)
    decoded = asked(services, lambda inspector: inspector.decode(model, folder, arguments.decode))
    if arguments.json:
        print_json(
            {
                "model": model,
                "ids": list(arguments.decode),
                "text": decoded.text,
                "text_without_special_tokens": decoded.plain,
                "outside": decoded.outside,
                "tokens": [entry_document(entry) for entry in decoded.entries],
            }
        )
        return 0
    print_facts(
        {
            "text": reveal(decoded.text),
            "without specials": reveal(decoded.plain) if decoded.plain != decoded.text else "the same",
        }
    )
    print_line()
    print_entries(decoded.entries)
    if decoded.outside:
        ids = ", ".join(map(str, decoded.outside[:20])) + (", …" if len(decoded.outside) > 20 else "")
        note(f"warning: not in the vocabulary, and left out of the text: {ids}")
    return 0
