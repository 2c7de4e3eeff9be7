"""Chat templates as checkpoints have them, cut to what sets each kind apart."""

from __future__ import annotations

CHATML = (
    "{% for message in messages %}\n"
    "{{ '<|user|>' + message['role'] + '\\n' + message['content'] + '</s>' + '\\n' }}\n"
    "{% endfor %}\n"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
"""Any role, and no BOS."""

GEMMA = (
    "{{ bos_token }}\n"
    "{% if messages[0]['role'] == 'system' %}\n"
    "{{ raise_exception('System role not supported') }}\n"
    "{% endif %}\n"
    "{% for message in messages %}\n"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}\n"
    "{{ raise_exception('Conversation roles must alternate') }}\n"
    "{% endif %}\n"
    "{{ ('<|user|>' if message['role'] == 'user' else '<|assistant|>') + message['content'] | trim + '</s>' }}\n"
    "{% endfor %}\n"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
"""Refuses the system role, and roles that do not alternate."""

MISTRAL = (
    "{{ bos_token }}"
    "{% if messages[0]['role'] == 'system' %}{% set system = messages[0]['content'] %}{% set turns = messages[1:] %}"
    "{% else %}{% set system = '' %}{% set turns = messages %}{% endif %}"
    "{% for message in turns %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('must alternate') }}{% endif %}"
    "{% if message['role'] == 'user' %}"
    "{{ '[INST] ' + (system + '\\n\\n' if loop.last and system else '') + message['content'] + ' [/INST]' }}"
    "{% else %}{{ ' ' + message['content'] + eos_token }}{% endif %}"
    "{% endfor %}"
)
"""Writes the system message into the last user turn, and knows no generation prompt."""

QWEN3 = (
    "{%- if tools %}{{ '<|user|>tools: ' + tools | tojson + '\\n' }}{% endif -%}"
    "{%- for message in messages %}"
    "{%- set said = message.content %}"
    "{%- if message.role == 'assistant' and not loop.last and '</think>' in said %}"
    "{%- set said = said.split('</think>')[-1].lstrip('\\n') %}{%- endif %}"
    "{{- '<|user|>' + message.role + '\\n' + said }}"
    "{%- for call in message.tool_calls or [] %}{{- '<call>' + call.function | tojson }}{% endfor %}"
    "{{- '</s>\\n' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|assistant|>' }}"
    "{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think></think>' }}{% endif %}"
    "{%- endif %}"
)
"""Drops what was thought in earlier turns; has tools, tool calls and a switch for thinking."""

MARKED = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}"
    "<|assistant|>{% generation %}{{ message['content'] + eos_token }}{% endgeneration %}"
    "{% else %}<|user|>{{ message['content'] }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
"""Marks what the assistant says."""

IGNORES_SYSTEM = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'user' %}<|user|>{{ message['content'] }}</s>"
    "{% elif message['role'] == 'assistant' %}<|assistant|>{{ message['content'] }}</s>{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)

NO_END = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
"""Writes nothing after a turn."""

OTHER_END = NO_END.replace("'\\n'", "'<|user|>'")
"""Ends a turn with a special token that is not the end-of-sequence token."""
