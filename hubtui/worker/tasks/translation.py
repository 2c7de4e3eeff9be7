"""translation: from the model's language, or from one of its many, into another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hubtui.core.errors import TaskError, UsageError
from hubtui.worker.tasks.base import Answer, Checkpoint, Job
from hubtui.worker.tasks.seq2seq import Encode, encoder, task_settings, write

_PAIR = re.compile(r"translation_(\w+?)_to_(\w+)")
_CODE = re.compile(r"[a-z]{2,3}_[A-Za-z]{2,4}")
_SHOWN_CODES = 12


def run(checkpoint: Checkpoint, job: Job) -> Answer:
    """Generate from the Auto class (transformers 5 has no pipeline for it).

    Outputs: `[{translation_text}]`. Three families need to know languages: those with a code for each (mBART, NLLB,
    M2M100) take `src_lang` and `tgt_lang`; T5's have a prefix for each pair they were trained on; some Marian models a
    code before the text.

    Raises:
        TaskError: the model needs a language which was not given.
        UsageError: it does not know the one that was given.
    """
    source, target = job.parameters.get("src_lang"), job.parameters.get("tgt_lang")
    tokenizer = checkpoint.tokenizer
    if hasattr(tokenizer, "_build_translation_inputs"):
        source, target = _check_codes(checkpoint, source, target)
        answer = write(checkpoint, job, {}, _coded(checkpoint, source, target))
    elif getattr(tokenizer, "supported_language_codes", None):
        target = _check_marian(checkpoint, job.inputs["text"], target)
        answer = write(checkpoint, job, {}, encoder(checkpoint, f">>{target}<< " if target else ""))
    else:
        extra, source, target = _pair_settings(checkpoint, source, target)
        answer = write(checkpoint, job, extra, encoder(checkpoint, str(extra.get("prefix", ""))))
    languages = {"src_lang": source, "tgt_lang": target}
    answer.parameters = {**{name: code for name, code in languages.items() if code}, **answer.parameters}
    return answer


def _coded(checkpoint: Checkpoint, source: str, target: str) -> Encode:
    """Encode as the tokenizer's own recipe for translation does: codes in the text, the target's as first token."""

    def encode(text: str) -> Mapping[str, Any]:
        build = checkpoint.tokenizer._build_translation_inputs  # noqa: SLF001 - made for the old pipeline
        return dict(build(text, return_tensors="pt", truncation=True, src_lang=source, tgt_lang=target))

    return encode


def _check_codes(checkpoint: Checkpoint, source: str | None, target: str | None) -> tuple[str, str]:
    codes = _codes(checkpoint.tokenizer)
    shown = ", ".join(codes[:_SHOWN_CODES]) + (
        f" and {len(codes) - _SHOWN_CODES} more" if len(codes) > _SHOWN_CODES else ""
    )
    if not source or not target:
        missing = " and ".join(name for name, code in (("src_lang", source), ("tgt_lang", target)) if not code)
        raise TaskError(
            f"{checkpoint.name} translates between many languages and needs {missing}.", hint=f"It knows: {shown}."
        )
    for code in (source, target):
        if codes and code not in codes:
            raise UsageError(f"{checkpoint.name} does not know the language {code}.", hint=f"It knows: {shown}.")
    return source, target


def _codes(tokenizer: Any) -> list[str]:  # noqa: ANN401 - a tokenizer of many languages
    """The codes that a tokenizer knows; its families keep them under different names."""
    for name in ("lang_code_to_token", "lang_code_to_id"):
        known = getattr(tokenizer, name, None)
        if isinstance(known, dict) and known:
            return sorted(known)
    return sorted(token for token in tokenizer.all_special_tokens if _CODE.fullmatch(token))


def _check_marian(checkpoint: Checkpoint, texts: str | list[str], target: str | None) -> str | None:
    codes = [code.strip("<>") for code in checkpoint.tokenizer.supported_language_codes]
    shown = ", ".join(sorted(codes)[:_SHOWN_CODES])
    if target and target not in codes:
        raise UsageError(f"{checkpoint.name} does not translate into {target}.", hint=f"It knows: {shown}.")
    every = [texts] if isinstance(texts, str) else texts
    if not target and not all(text.startswith(">>") for text in every):
        raise TaskError(
            f"{checkpoint.name} translates into several languages and needs tgt_lang.", hint=f"It knows: {shown}."
        )
    return target


def _pair_settings(
    checkpoint: Checkpoint, source: str | None, target: str | None
) -> tuple[dict[str, Any], str | None, str | None]:
    """The task_specific_params of a pair of languages, and the pair; the only pair when there is one."""
    every = getattr(checkpoint.model.config, "task_specific_params", None)
    found = (_PAIR.fullmatch(name) for name in every) if isinstance(every, dict) else ()
    pairs = [(match[1], match[2]) for match in found if match]
    if not pairs:
        return task_settings(checkpoint, "translation"), None, None
    fitting = [pair for pair in pairs if source in (None, pair[0]) and target in (None, pair[1])]
    listed = ", ".join(f"{one} to {other}" for one, other in pairs)
    if not fitting:
        asked = " ".join(f"{word} {code}" for word, code in (("from", source), ("into", target)) if code)
        raise UsageError(f"{checkpoint.name} does not translate {asked}.", hint=f"It translates {listed}.")
    if len(fitting) > 1:
        raise TaskError(
            f"{checkpoint.name} translates between several languages and needs src_lang and tgt_lang.",
            hint=f"It translates {listed}.",
        )
    one, other = fitting[0]
    return task_settings(checkpoint, f"translation_{one}_to_{other}"), one, other
