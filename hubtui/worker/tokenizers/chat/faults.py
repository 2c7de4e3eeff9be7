"""What the exceptions of a chat template mean: one sentence, with the line of the template."""

from __future__ import annotations

from types import TracebackType

from hubtui.core.chats import TemplateFault
from hubtui.worker.bounds import OutOfTimeError
from hubtui.worker.tokenizers.reference import one_sentence

TIME_S = 1.0
"""For a prompt; the parent waits twice as long."""

MEMORY = 256 << 20
"""Bytes that a template may take."""

_BROKEN = "The mistake is in the checkpoint: look for another revision, or for a mended template."
_ENDLESS = "A loop in it goes on for ever, or nearly so."


def fault_of(error: Exception) -> TemplateFault:
    """Return what an exception of `apply_chat_template` means to the user."""
    from jinja2.exceptions import TemplateSyntaxError

    line = error.lineno if isinstance(error, TemplateSyntaxError) else template_line(error.__traceback__)
    where = f" (line {line})" if line else ""
    if isinstance(error, OutOfTimeError):
        said = f"The chat template did not end within {TIME_S:.0f} s{where} and was stopped."
        return TemplateFault(said, _ENDLESS, line)
    if isinstance(error, MemoryError):
        said = f"The chat template wanted more than {MEMORY >> 20} MiB of memory{where} and was stopped."
        return TemplateFault(said, line=line)
    how, hint = _how(error, line)
    return TemplateFault(f"{how}{where}: {one_sentence(error).rstrip('.')}.", hint, line)


def _how(error: Exception, line: int) -> tuple[str, str]:
    """Return what the template did, before the words of the exception; and the next step."""
    from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError

    if isinstance(error, RecursionError):
        return "The chat template calls itself without end", _BROKEN
    if isinstance(error, TemplateSyntaxError):
        return "The chat template cannot be read", _BROKEN
    if isinstance(error, SecurityError):
        return "The chat template tries what its sandbox forbids", ""
    # `raise_exception` raises the class itself, jinja only classes under it
    if type(error) is TemplateError:
        return "The chat template refuses this", ""
    if line:
        return "The chat template fails", _BROKEN
    return "apply_chat_template refuses this", ""


def template_line(traceback: TracebackType | None) -> int:
    """Return the line of the template at which it failed, 0 when it was not in a template."""
    line = 0
    while traceback is not None:
        names = traceback.tb_frame.f_globals
        if "__jinja_exception__" in names:  # jinja has put the template's own lines in place of its code's
            line = traceback.tb_lineno
        elif (template := names.get("__jinja_template__")) is not None:
            line = template.get_corresponding_lineno(traceback.tb_lineno)
        traceback = traceback.tb_next
    return line
