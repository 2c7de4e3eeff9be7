"""What the scripts of `core.snippets` do, task by task.

Each is as short as it can be while it gives the numbers of the run; checks and rare cases stay with the worker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Script:
    """The parts of a script that depend on the task.

    Attributes:
        steps: lines that make `outputs`.
        setup: lines after loading.
        imports: lines beside that of transformers.
        names: what else comes from transformers.
        values: names and values that the steps read.
        subject: the input that the steps are done for, one or each of a list; empty when they read `values` only.
    """

    steps: str
    setup: str = ""
    imports: tuple[str, ...] = ("import torch",)
    names: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    subject: str = "text"


def literal(value: object) -> str:
    """Return a value as Python source: invisible characters escaped, double quotes where they take no escape."""
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    shown = repr(value)
    if isinstance(value, str) and shown.startswith("'") and '"' not in value:
        return f'"{shown[1:-1]}"'
    return shown


_GENERATION = (
    "max_new_tokens", "num_beams", "do_sample", "temperature", "top_k", "top_p", "repetition_penalty",
    "min_length", "length_penalty", "no_repeat_ngram_size", "early_stopping",
)  # fmt: skip


def _fill_mask(_inputs: Mapping[str, Any], parameters: Mapping[str, Any]) -> Script:
    targets, top_k = parameters.get("targets"), parameters.get("top_k") or 5
    choose = f"scores, ids = scores.topk({top_k})"
    setup = ""
    if targets:
        setup = "ids = {tokenizer(word, add_special_tokens=False).input_ids[0] for word in targets}\n"
        setup = f"targets = {literal(targets)}\n{setup}wanted = torch.tensor(sorted(ids))"
        choose = f"scores, places = scores[wanted].topk(min({top_k}, len(wanted)))\n    ids = wanted[places]"
    steps = f"""
inputs = tokenizer(text, return_tensors="pt", truncation=True).to(model.device)
with torch.no_grad():
    logits = model(**inputs).logits[0].cpu()
outputs = []
for position in (inputs.input_ids[0].cpu() == tokenizer.mask_token_id).nonzero().flatten():
    scores = logits[position].softmax(dim=-1)
    {choose}
    found = zip(scores.tolist(), ids.tolist())
    outputs.append([{{"score": score, "token": id, "token_str": tokenizer.decode([id])}} for score, id in found])
outputs = outputs[0] if len(outputs) == 1 else outputs
"""
    return Script(steps, setup)


def _text_classification(inputs: Mapping[str, Any], parameters: Mapping[str, Any]) -> Script:
    function, top_k = parameters.get("function_to_apply") or "softmax", parameters.get("top_k")
    scores = {"softmax": "logits.softmax(dim=-1)", "sigmoid": "logits.sigmoid()", "none": "logits"}[function]
    pair = inputs.get("text_pair")
    steps = f"""
inputs = tokenizer(text{", text_pair" if pair else ""}, return_tensors="pt", truncation=True).to(model.device)
with torch.no_grad():
    logits = model(**inputs).logits[0].float()
scores = {scores}.tolist()
outputs = [{{"label": model.config.id2label[index], "score": score}} for index, score in enumerate(scores)]
outputs = sorted(outputs, key=lambda entry: -entry["score"]){f"[:{top_k}]" if top_k else ""}
"""
    return Script(steps, values={"text_pair": pair} if pair else {})


def _token_classification(_inputs: Mapping[str, Any], parameters: Mapping[str, Any]) -> Script:
    strategy = parameters.get("aggregation_strategy", "simple")
    setup = 'tag = pipeline("token-classification", model=model, tokenizer=tokenizer, device=model.device)'
    steps = f"outputs = tag(text, aggregation_strategy={literal(strategy)})"
    return Script(steps, setup, imports=(), names=("pipeline",))


def _question_answering(inputs: Mapping[str, Any], parameters: Mapping[str, Any]) -> Script:
    """One window: a context that is too long for the model is cut."""
    top_k, longest = parameters.get("top_k") or 1, parameters.get("max_answer_len") or 15
    steps = f"""
inputs = tokenizer(question, context, return_tensors="pt", truncation="only_second")
with torch.no_grad():
    answer = model(**inputs.to(model.device))
allowed = torch.tensor([part == 1 for part in inputs.sequence_ids(0)])
allowed |= inputs.input_ids[0].cpu() == tokenizer.cls_token_id  # which stands for "no answer"
logits = (answer.start_logits[0].float().cpu(), answer.end_logits[0].float().cpu())
start, end = (values.masked_fill(~allowed, -10000.0).softmax(dim=-1) for values in logits)
start[0] = end[0] = 0.0
scores = torch.outer(start, end).triu().tril({longest} - 1)
found = {{}}
for place in scores.flatten().topk(min({2 * top_k + 10}, scores.numel())).indices.tolist():
    first, last = divmod(place, len(start))
    words = (inputs.token_to_word(0, first), inputs.token_to_word(0, last))
    if allowed[first] and allowed[last] and None not in words:
        begin = inputs.word_to_chars(0, words[0], sequence_index=1).start
        stop = inputs.word_to_chars(0, words[1], sequence_index=1).end
        entry = found.setdefault(context[begin:stop].lower(), {{"score": 0.0, "start": begin, "end": stop}})
        entry["score"] += scores[first, last].item()
outputs = [{{**entry, "answer": context[entry["start"] : entry["end"]]}} for entry in found.values()]
outputs = sorted(outputs, key=lambda entry: -entry["score"])[:{top_k}]
outputs = outputs[0] if len(outputs) == 1 else outputs
"""
    return Script(steps, values={name: inputs[name] for name in ("question", "context")}, subject="")


def _zero_shot(inputs: Mapping[str, Any], parameters: Mapping[str, Any]) -> Script:
    labels = list(inputs["candidate_labels"])
    values = {"labels": labels, "template": parameters.get("hypothesis_template", "This example is {}.")}
    is_each = bool(parameters.get("multi_label")) or len(labels) == 1
    scores = (
        "torch.stack(logits)[:, [0 if entailment else -1, entailment]].softmax(dim=-1)[:, 1]"
        if is_each
        else "torch.stack(logits)[:, entailment].softmax(dim=-1)"
    )
    setup = """
names = model.config.label2id.items()
entailment = next(index for name, index in names if name.lower().startswith("entail"))
"""
    steps = f"""
logits = []
for label in labels:
    inputs = tokenizer(text, template.format(label), return_tensors="pt", truncation="only_first")
    with torch.no_grad():
        logits.append(model(**inputs.to(model.device)).logits[0].float())
scores = {scores}
order = scores.argsort(descending=True).tolist()
outputs = {{"sequence": text, "labels": [labels[i] for i in order], "scores": scores[order].tolist()}}
"""
    return Script(steps, setup, values=values)


def _generate(parameters: Mapping[str, Any]) -> tuple[str, tuple[str, ...], str]:
    """Return the call of `generate`, what it imports and what comes before it."""
    kept = {name: parameters[name] for name in _GENERATION if parameters.get(name) is not None}
    if kept.get("repetition_penalty") == 1:
        del kept["repetition_penalty"]
    words = ", ".join(["**inputs", *(f"{name}={literal(value)}" for name, value in kept.items())])
    call = f"generated = model.generate({words})"
    if not kept.get("do_sample"):
        return call, (), ""
    return call, ("set_seed",), f"set_seed({parameters.get('seed', 0)})"


def _text_generation(inputs: Mapping[str, Any], parameters: Mapping[str, Any]) -> Script:
    call, names, setup = _generate(parameters)
    text = inputs["text"]
    is_talk = isinstance(text, list) and bool(text) and isinstance(text[0], dict)
    encode, result = 'tokenizer(text, return_tensors="pt")', "text + written"
    if is_talk or parameters.get("chat"):
        encode = (
            "tokenizer.apply_chat_template(\n"
            '    messages, add_generation_prompt=True, return_dict=True, return_tensors="pt"\n)'
        )
        result = '[*messages, {"role": "assistant", "content": written}]'
        encode = encode if is_talk else f'messages = [{{"role": "user", "content": text}}]\ninputs = {encode}'
    steps = f"""
{encode if encode.startswith("messages") else f"inputs = {encode}"}
inputs = {{name: value.to(model.device) for name, value in inputs.items() if name != "token_type_ids"}}
{call}
written = tokenizer.decode(generated[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
outputs = [{{"generated_text": {result}}}]
"""
    if is_talk:
        return Script(steps, setup, (), names, {"messages": text}, "")
    return Script(steps, setup, (), names)


def _seq2seq(key: str) -> Callable[[Mapping[str, Any], Mapping[str, Any]], Script]:
    def write(_inputs: Mapping[str, Any], parameters: Mapping[str, Any]) -> Script:
        call, names, setup = _generate(parameters)
        prefix, target = str(parameters.get("prefix") or ""), parameters.get("tgt_lang")
        source = parameters.get("src_lang")
        if target and not source and not prefix:
            prefix = f">>{target}<< "
        elif target and not prefix:
            # M2M100 writes its codes differently from all others
            setup += f"\ntokenizer.src_lang = {literal(source)}\n"
            setup += 'code = getattr(tokenizer, "get_lang_id", tokenizer.convert_tokens_to_ids)\n'
            setup += f"target = code({literal(target)})"
            call = call.removesuffix(")") + ", forced_bos_token_id=target)"
        steps = f"""
inputs = tokenizer({f"{literal(prefix)} + " if prefix else ""}text, return_tensors="pt", truncation=True)
inputs = {{name: inputs[name].to(model.device) for name in ("input_ids", "attention_mask")}}
{call}
outputs = [{{"{key}": tokenizer.decode(generated[0], skip_special_tokens=True)}}]
"""
        return Script(steps, setup, (), names)

    return write


_POOLED = {"mean": "hidden.mean(0)", "cls": "hidden[0]", "max": "hidden.max(0).values", "lasttoken": "hidden[-1]"}
_COMPARED = {
    "cosine": "torch.nn.functional.cosine_similarity(source, other, dim=0)",
    "dot": "source @ other",
    "euclidean": "-torch.dist(source, other, 2)",
    "manhattan": "-torch.dist(source, other, 1)",
}


def _vector(parameters: Mapping[str, Any]) -> str:
    """Lines that define `vector(text)`."""
    limit = parameters.get("max_tokens")
    pooled = _POOLED[str(parameters.get("pooling") or "mean")]
    scaled = f"torch.nn.functional.normalize({pooled}, dim=0)" if parameters.get("normalize") else pooled
    return f"""

def vector(text):
    inputs = tokenizer(text, return_tensors="pt", truncation=True{f", max_length={limit}" if limit else ""})
    with torch.no_grad():
        hidden = model(**inputs.to(model.device)).last_hidden_state[0].float()
    return {scaled}
"""


def _sentence_similarity(inputs: Mapping[str, Any], parameters: Mapping[str, Any]) -> Script:
    compared = _COMPARED[parameters.get("similarity", "cosine")]
    steps = f"source = vector(source_sentence)\noutputs = [{compared}.item() for other in map(vector, sentences)]"
    values = {"source_sentence": inputs["source_sentence"], "sentences": list(inputs["sentences"])}
    return Script(steps, _vector(parameters), values=values, subject="")


def _feature_extraction(_inputs: Mapping[str, Any], parameters: Mapping[str, Any]) -> Script:
    if parameters.get("pooling", "none") != "none":
        return Script("outputs = vector(text).tolist()", _vector(parameters))
    steps = """
inputs = tokenizer(text, return_tensors="pt", truncation=True).to(model.device)
with torch.no_grad():
    outputs = model(**inputs)[0].tolist()
"""
    return Script(steps)


def needs_library(task: str, parameters: Mapping[str, Any]) -> bool:
    """Whether a repo makes vectors in more steps than a snippet should have: several modes, Dense layers, prompts."""
    if task not in {"sentence-similarity", "feature-extraction"} or parameters.get("pooling", "none") == "none":
        return False
    return parameters["pooling"] not in _POOLED or bool(parameters.get("dense") or parameters.get("prompt"))


def similarity_library(task: str, inputs: Mapping[str, Any], where: str, names: list[str]) -> list[str]:
    """Lines of a whole script with sentence-transformers."""
    lines = ["from sentence_transformers import SentenceTransformer  # pip install sentence-transformers", "", *names]
    lines.append(f"model = SentenceTransformer({where})")
    if task == "feature-extraction":
        return [*lines, "", f"outputs = model.encode({literal(inputs['text'])}).tolist()", "print(outputs)"]
    lines += [
        "",
        f"source = model.encode([{literal(inputs['source_sentence'])}])",
        f"sentences = {literal(list(inputs['sentences']))}",
    ]
    return [*lines, "outputs = model.similarity(source, model.encode(sentences))[0].tolist()", "print(outputs)"]


def _image_classification(_inputs: Mapping[str, Any], parameters: Mapping[str, Any]) -> Script:
    top_k = parameters.get("top_k") or 5
    steps = f"""
inputs = processor(images=Image.open(image).convert("RGB"), return_tensors="pt").to(model.device, model.dtype)
with torch.no_grad():
    scores = model(**inputs).logits[0].float().softmax(dim=-1)
found = zip(*(part.tolist() for part in scores.topk(min({top_k}, len(scores)))))
outputs = [{{"label": model.config.id2label[index], "score": score}} for score, index in found]
"""
    return Script(steps, imports=("import torch", "from PIL import Image"), subject="image")


WRITERS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Script]] = {
    "fill-mask": _fill_mask,
    "text-classification": _text_classification,
    "token-classification": _token_classification,
    "question-answering": _question_answering,
    "zero-shot-classification": _zero_shot,
    "translation": _seq2seq("translation_text"),
    "summarization": _seq2seq("summary_text"),
    "text2text-generation": _seq2seq("generated_text"),
    "text-generation": _text_generation,
    "sentence-similarity": _sentence_similarity,
    "feature-extraction": _feature_extraction,
    "image-classification": _image_classification,
}
"""Task id → what its script does."""
