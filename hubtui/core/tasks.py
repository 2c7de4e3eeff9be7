"""The Hub's tasks, grouped as the Hub groups them, and what the runnable ones take.

A task that hubtui can run has a row in `RUNNABLE` here and a module in `worker/tasks`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

LABELS: Mapping[str, Mapping[str, str]] = {
    "Multimodal": {
        "audio-text-to-text": "Audio-Text-to-Text",
        "image-text-to-text": "Image-Text-to-Text",
        "image-text-to-image": "Image-Text-to-Image",
        "image-text-to-video": "Image-Text-to-Video",
        "visual-question-answering": "Visual Question Answering",
        "document-question-answering": "Document Question Answering",
        "video-text-to-text": "Video-Text-to-Text",
        "visual-document-retrieval": "Visual Document Retrieval",
        "any-to-any": "Any-to-Any",
    },
    "Computer vision": {
        "depth-estimation": "Depth Estimation",
        "image-classification": "Image Classification",
        "object-detection": "Object Detection",
        "image-segmentation": "Image Segmentation",
        "text-to-image": "Text-to-Image",
        "image-to-text": "Image-to-Text",
        "image-to-image": "Image-to-Image",
        "image-to-video": "Image-to-Video",
        "unconditional-image-generation": "Unconditional Image Generation",
        "video-classification": "Video Classification",
        "text-to-video": "Text-to-Video",
        "zero-shot-image-classification": "Zero-Shot Image Classification",
        "mask-generation": "Mask Generation",
        "zero-shot-object-detection": "Zero-Shot Object Detection",
        "text-to-3d": "Text-to-3D",
        "image-to-3d": "Image-to-3D",
        "image-feature-extraction": "Image Feature Extraction",
        "keypoint-detection": "Keypoint Detection",
        "video-to-video": "Video-to-Video",
    },
    "Natural language": {
        "text-classification": "Text Classification",
        "token-classification": "Token Classification",
        "table-question-answering": "Table Question Answering",
        "question-answering": "Question Answering",
        "zero-shot-classification": "Zero-Shot Classification",
        "translation": "Translation",
        "summarization": "Summarization",
        "feature-extraction": "Feature Extraction",
        "text-generation": "Text Generation",
        "fill-mask": "Fill-Mask",
        "sentence-similarity": "Sentence Similarity",
        "table-to-text": "Table to Text",
        "multiple-choice": "Multiple Choice",
        "text-ranking": "Text Ranking",
        "text-retrieval": "Text Retrieval",
        "text2text-generation": "Text2Text Generation",
    },
    "Audio": {
        "text-to-speech": "Text-to-Speech",
        "text-to-audio": "Text-to-Audio",
        "automatic-speech-recognition": "Automatic Speech Recognition",
        "audio-to-audio": "Audio-to-Audio",
        "audio-classification": "Audio Classification",
        "voice-activity-detection": "Voice Activity Detection",
    },
    "Tabular": {
        "tabular-classification": "Tabular Classification",
        "tabular-regression": "Tabular Regression",
        "tabular-to-text": "Tabular to Text",
        "time-series-forecasting": "Time Series Forecasting",
    },
    "Reinforcement learning": {
        "reinforcement-learning": "Reinforcement Learning",
        "robotics": "Robotics",
    },
    "Other": {
        "graph-ml": "Graph Machine Learning",
        "other": "Other",
    },
}
"""Modality → task id → label, from the Hub's list of pipeline types (@huggingface/tasks 0.21.54)."""

InputKind = Literal["text", "lines", "choices", "image"]
ValueKind = Literal["int", "float", "bool", "text", "choices"]


@dataclass(frozen=True, slots=True)
class InputField:
    """One field of a task's form.

    Attributes:
        name: key in `RunRequest.inputs`.
        kind: `text` one text; `lines` a list, one a line; `choices` a list, separated by commas; `image` a file's path.
    """

    name: str
    label: str
    kind: InputKind = "text"
    placeholder: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting of a task; `default` None leaves it to the model (its generation_config) or to the pipeline."""

    name: str
    kind: ValueKind
    default: int | float | bool | str | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class RunnableTask:
    """What a task takes to run.

    Attributes:
        auto_classes: transformers Auto classes to try, in this order.
        heads: suffixes of architecture names which do this task, without "For"-less base models.
        inputs: the form; the first field is what a bare command-line INPUT fills.
    """

    id: str
    auto_classes: tuple[str, ...]
    heads: tuple[str, ...]
    inputs: tuple[InputField, ...]
    parameters: tuple[Parameter, ...] = ()
    streams: bool = False


_TEXT = InputField("text", "Text", placeholder="Type or paste a text")
_TOP_K = Parameter("top_k", "int", 5, "answers to show")
_GENERATION = (
    Parameter("max_new_tokens", "int", None, "tokens at most"),
    Parameter("do_sample", "bool", None, "draw at random instead of taking the likeliest"),
    Parameter("temperature", "float", None, "below 1 sharper, above 1 flatter"),
    Parameter("top_k", "int", None, "draw from the k likeliest"),
    Parameter("top_p", "float", None, "draw from the likeliest that hold this share"),
    Parameter("num_beams", "int", None, "beams of the search"),
    Parameter("repetition_penalty", "float", None, "above 1 repeats less"),
)
_SEQ2SEQ = ("AutoModelForSeq2SeqLM",)
_SEQ2SEQ_HEADS = ("ForConditionalGeneration", "MTModel", "MarianMTModel")

RUNNABLE: Mapping[str, RunnableTask] = {
    task.id: task
    for task in (
        RunnableTask(
            "fill-mask",
            ("AutoModelForMaskedLM",),
            ("ForMaskedLM", "WithLMHeadModel", "ForPreTraining"),
            (InputField("text", "Text with a mask", placeholder="A sentence with the model's mask token"),),
            (_TOP_K, Parameter("targets", "choices", None, "score these words only")),
        ),
        RunnableTask(
            "text-classification",
            ("AutoModelForSequenceClassification",),
            ("ForSequenceClassification",),
            (_TEXT, InputField("text_pair", "Second text (optional)", required=False)),
            (
                Parameter("top_k", "int", None, "labels to show; all when empty"),
                Parameter("function_to_apply", "text", None, "softmax, sigmoid or none; the config decides when empty"),
            ),
        ),
        RunnableTask(
            "token-classification",
            ("AutoModelForTokenClassification",),
            ("ForTokenClassification",),
            (_TEXT,),
            (Parameter("aggregation_strategy", "text", "simple", "none, simple, first, average or max"),),
        ),
        RunnableTask(
            "question-answering",
            ("AutoModelForQuestionAnswering",),
            ("ForQuestionAnswering",),
            (
                InputField("question", "Question", placeholder="What do you want to know?"),
                InputField("context", "Context", placeholder="The text which holds the answer"),
            ),
            (
                Parameter("top_k", "int", 1, "answers to show"),
                Parameter("max_answer_len", "int", 15, "tokens of an answer at most"),
                Parameter("max_seq_len", "int", 384, "tokens of question and context that the model sees at once"),
                Parameter("doc_stride", "int", 128, "tokens that two windows over a long context share"),
                Parameter("handle_impossible_answer", "bool", False, "allow an empty answer"),
            ),
        ),
        RunnableTask(
            "zero-shot-classification",
            ("AutoModelForSequenceClassification",),
            ("ForSequenceClassification",),
            (_TEXT, InputField("candidate_labels", "Candidate labels", "choices", "politics, sports, science")),
            (
                Parameter(
                    "hypothesis_template", "text", "This example is {}.", "the sentence that each label completes"
                ),
                Parameter("multi_label", "bool", False, "several labels may hold at once"),
            ),
        ),
        RunnableTask(
            "translation",
            _SEQ2SEQ,
            _SEQ2SEQ_HEADS,
            (_TEXT,),
            (
                Parameter("src_lang", "text", None, "language of the text, for models of many languages"),
                Parameter("tgt_lang", "text", None, "language to translate into"),
                *_GENERATION,
            ),
            streams=True,
        ),
        RunnableTask("summarization", _SEQ2SEQ, _SEQ2SEQ_HEADS, (_TEXT,), _GENERATION, streams=True),
        RunnableTask("text2text-generation", _SEQ2SEQ, _SEQ2SEQ_HEADS, (_TEXT,), _GENERATION, streams=True),
        RunnableTask(
            "text-generation",
            ("AutoModelForCausalLM",),
            ("ForCausalLM", "LMHeadModel"),
            (InputField("text", "Prompt", placeholder="The beginning, or a message to a chat model"),),
            (Parameter("chat", "bool", None, "use the chat template; on when there is one"), *_GENERATION),
            streams=True,
        ),
        RunnableTask(
            "sentence-similarity",
            ("AutoModel",),
            ("Model",),
            (
                InputField("source_sentence", "Sentence"),
                InputField("sentences", "Compared with, one a line", "lines"),
            ),
        ),
        RunnableTask(
            "feature-extraction",
            ("AutoModel",),
            ("Model",),
            (_TEXT,),
            (Parameter("pooling", "text", "none", "none, mean, cls, max, lasttoken, or repo (its modules.json)"),),
        ),
        RunnableTask(
            "image-classification",
            ("AutoModelForImageClassification",),
            ("ForImageClassification",),
            (InputField("image", "Picture", "image", "path of an image file"),),
            (_TOP_K,),
        ),
    )
}
"""Task id → what it takes. The tasks that transformers 5 dropped as pipelines are run from their Auto classes."""


def label(task_id: str) -> str:
    """Return the Hub's label of a task id, or the id itself when the Hub has none."""
    return next((tasks[task_id] for tasks in LABELS.values() if task_id in tasks), task_id)


def modality(task_id: str) -> str:
    """Return the group that a task belongs to, `Other` when the Hub does not know the task."""
    return next((name for name, tasks in LABELS.items() if task_id in tasks), "Other")


def all_ids() -> tuple[str, ...]:
    """Return every task id in the Hub's order of groups."""
    return tuple(task_id for tasks in LABELS.values() for task_id in tasks)


def runnable_with(auto_class: str, labels: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the runnable tasks of checkpoints that `auto_class` loads, the likeliest first.

    A checkpoint of any text head can also give its hidden states; zero-shot classification needs the labels of natural
    language inference.

    Args:
        auto_class: transformers Auto class of the checkpoint's architecture (`core.architectures`).
        labels: `id2label` of a classifier.
    """
    direct = [task.id for task in RUNNABLE.values() if auto_class in task.auto_classes]
    if not any(is_entailment(name) for name in labels):
        direct = [task for task in direct if task != "zero-shot-classification"]
    has_text = bool(direct) and "image-classification" not in direct
    bare = [task for task in ("feature-extraction", "sentence-similarity") if has_text and task not in direct]
    return (*direct, *bare)


def is_entailment(label: str) -> bool:
    """Whether a classifier's label is the one that zero-shot classification reads (as transformers finds it)."""
    return label.lower().startswith("entail")
