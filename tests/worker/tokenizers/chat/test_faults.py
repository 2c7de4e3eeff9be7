"""A template that hangs, fills the memory or is broken is one sentence with its line, and the process goes on."""

from __future__ import annotations

import mmap
import time

import pytest

from hubtui.core.chats import Chat
from hubtui.worker.tokenizers.chat.answer import render_chat
from tests.worker.tokenizers.chat.conftest import WithTemplate

ASK = {"role": "user", "content": "a"}

FAULTS = {
    "loop": ("a\n{% for i in range(100000) %}\n{% for j in range(100000) %}{% endfor %}{% endfor %}", 3, "did not end"),
    "power": ("{% set n = 10 ** 10 %}\n{{ 7 ** (n * 10) }}", 2, "did not end within 1 s (line 2)"),
    "long-text": ("x\n{{ 'a' * 2000000000 }}", 2, "more than 256 MiB of memory (line 2)"),
    "doubling": (
        "{% set n = namespace(s='12345678') %}\n{% for i in range(60) %}\n{% set n.s = n.s ~ n.s %}{% endfor %}",
        3,
        "MiB of memory",
    ),
    "format": ("{{ '%2000000000d' % 1 }}", 1, "MiB of memory"),
    "float": ("x\n{{ 'a' * 2e9 }}", 2, "fails (line 2): can't multiply"),
    "recursion": ("{% macro f() %}\n{{ f() }}\n{% endmacro %}{{ f() }}", 2, "calls itself without end (line 2)"),
    "syntax": ("a\n{% for %}", 2, "cannot be read (line 2)"),
    "undefined": ("a\nb\n{{ messages[0].foo.bar }}", 3, "fails (line 3): 'dict object' has no attribute 'foo'"),
    "raise": ("{{ raise_exception('No \x1b[31m\nway') }}", 1, "refuses this (line 1): No ␛[31m way."),
    "sandbox": ("{{ ''.__class__.__mro__ }}", 1, "its sandbox forbids (line 1)"),
    "flood": ("{% for i in range(90000) %}hello {% endfor %}", 0, "makes a prompt of 540,000 characters"),
    "not-a-list": ("{{ messages + 1 }}", 1, "fails (line 1)"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_bad_template_is_one_sentence_with_its_line_in_time(with_template: WithTemplate, name: str) -> None:
    template, line, words = FAULTS[name]
    loaded = with_template(template)
    started = time.monotonic()
    rendered = render_chat(loaded, Chat([ASK]))
    assert rendered.fault is not None
    assert words in rendered.fault.message
    assert rendered.fault.line == line
    assert rendered.fault.message.endswith(".")
    assert "\n" not in rendered.fault.message
    assert rendered.source == template
    assert not rendered.prompt
    # twice what it is given, for a machine that others work on; past that the parent ends the process
    assert time.monotonic() - started < 3
    # limits are taken back: what comes after has its time and its memory
    mmap.mmap(-1, 300 << 20).close()
    loaded.tokenizer.chat_template = "{{ messages[0].content }}"
    assert render_chat(loaded, Chat([ASK])).prompt == "a"


def test_what_transformers_refuses_itself_has_no_line(with_template: WithTemplate) -> None:
    loaded = with_template("{{ messages[0].content | upper }}")
    fault = render_chat(loaded, Chat([ASK], ending="continue")).fault
    assert fault is not None
    assert fault.message.startswith("apply_chat_template refuses this: continue_final_message is set but")
    assert fault.line == 0
    nothing = render_chat(loaded, Chat([])).fault
    assert nothing is not None
    assert "empty conversation" in nothing.message


def test_a_template_too_slow_to_be_asked_more_still_gives_its_prompt(with_template: WithTemplate) -> None:
    # quick alone, so slow with a sign in place of the content that there is no time for it
    slow = "{% if 'hubtui' in messages[0].content %}{% for i in range(99999) %}{% for j in range(999) %}{% endfor %}"
    loaded = with_template(slow + "{% endfor %}{% endif %}[{{ messages[0].content }}a]")
    rendered = render_chat(loaded, Chat([ASK]))
    assert rendered.fault is None
    assert rendered.prompt == "[aa]"
    assert "so slow that not everything" in "\n".join(rendered.warnings)


def test_a_template_too_long_to_be_one_is_refused_unread(with_template: WithTemplate) -> None:
    fault = render_chat(with_template("a" * 1_000_001), Chat([ASK])).fault
    assert fault is not None
    assert "1,000,001 characters" in fault.message
