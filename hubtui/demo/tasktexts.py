"""The Hub's 47 described tasks: one sentence of our own on each, what goes in and out, which libraries do it.

Kinds of input and output (`text`, `img`, `audio`, `tabular`, `chart`, `text-with-tokens`) and libraries are those of
@huggingface/tasks 0.21.54.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskText:
    """What a task page says."""

    summary: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    libraries: tuple[str, ...]


TASK_TEXTS: Mapping[str, TaskText] = {
    "any-to-any": TaskText(
        "One model reads several kinds of media, such as text, pictures and sound, and answers in several too.",
        ("img", "text"),
        ("text", "audio"),
        ("transformers",),
    ),
    "audio-classification": TaskText(
        "Names what a recording holds: a spoken command, a language, a mood, a kind of music.",
        ("audio",),
        ("chart",),
        ("speechbrain", "transformers", "transformers.js"),
    ),
    "audio-to-audio": TaskText(
        "Turns one recording into others: speech without its noise, or each speaker alone.",
        ("audio",),
        ("audio", "audio"),
        ("asteroid", "fairseq", "speechbrain"),
    ),
    "audio-text-to-text": TaskText(
        "Answers in writing about a recording and a written request.",
        ("audio", "text"),
        ("text",),
        ("transformers",),
    ),
    "automatic-speech-recognition": TaskText(
        "Writes down what is said in a recording.",
        ("audio",),
        ("text",),
        ("espnet", "nemo", "speechbrain", "transformers", "transformers.js"),
    ),
    "depth-estimation": TaskText(
        "Tells for every pixel of a picture how far away it is.",
        ("img",),
        ("img",),
        ("transformers", "transformers.js"),
    ),
    "document-question-answering": TaskText(
        "Finds the answer to a question on the scan or photo of a page.",
        ("text", "img"),
        ("text",),
        ("transformers", "transformers.js"),
    ),
    "visual-document-retrieval": TaskText(
        "Ranks page images by how well they answer a written query.",
        ("img", "text"),
        ("chart",),
        ("transformers",),
    ),
    "feature-extraction": TaskText(
        "Gives the numbers that a model has for a text, for search, clustering or training something else.",
        ("text",),
        ("tabular",),
        ("sentence-transformers", "transformers", "transformers.js"),
    ),
    "fill-mask": TaskText(
        "Guesses the word that a mask token stands for; how encoders learn a language.",
        ("text",),
        ("chart",),
        ("transformers", "transformers.js"),
    ),
    "image-classification": TaskText(
        "Gives a whole picture one label, or a few, each with a score.",
        ("img",),
        ("chart",),
        ("keras", "timm", "transformers", "transformers.js"),
    ),
    "image-feature-extraction": TaskText(
        "Gives the numbers that a model has for a picture.",
        ("img",),
        ("tabular",),
        ("timm", "transformers"),
    ),
    "image-segmentation": TaskText(
        "Says for every pixel of a picture which thing or surface it belongs to.",
        ("img",),
        ("img",),
        ("transformers", "transformers.js"),
    ),
    "image-to-image": TaskText(
        "Makes a new picture from an old one: sharper, recoloured, restyled or repaired.",
        ("img",),
        ("img",),
        ("diffusers", "transformers", "transformers.js"),
    ),
    "image-text-to-text": TaskText(
        "Answers in writing about pictures and a written request; chat models that see.",
        ("img", "text"),
        ("text",),
        ("transformers",),
    ),
    "image-text-to-image": TaskText(
        "Makes a picture from another picture and written instructions.",
        ("img", "text"),
        ("img",),
        ("diffusers",),
    ),
    "image-text-to-video": TaskText(
        "Makes a video from a picture and a written description.",
        ("img", "text"),
        ("img",),
        ("diffusers",),
    ),
    "image-to-text": TaskText(
        "Writes what is in a picture: a caption, or the words printed on it.",
        ("img",),
        ("text",),
        ("transformers", "transformers.js"),
    ),
    "image-to-video": TaskText(
        "Makes a still picture move.",
        ("img", "text"),
        ("img",),
        ("diffusers",),
    ),
    "keypoint-detection": TaskText(
        "Finds marked points in a picture, such as joints of a body or corners of a thing.",
        ("img",),
        ("img",),
        ("transformers",),
    ),
    "mask-generation": TaskText(
        "Cuts things out of a picture, all of them or those at given points and boxes.",
        ("img",),
        ("img",),
        ("transformers",),
    ),
    "object-detection": TaskText(
        "Draws a box around every thing it knows in a picture, with label and score.",
        ("img",),
        ("img",),
        ("transformers", "transformers.js", "ultralytics"),
    ),
    "video-classification": TaskText(
        "Gives a whole video one label, often an action.",
        ("img",),
        ("chart",),
        ("transformers",),
    ),
    "question-answering": TaskText(
        "Finds, in a text that comes along, the words that answer a question.",
        ("text", "text"),
        ("text",),
        ("adapter-transformers", "allennlp", "transformers", "transformers.js"),
    ),
    "reinforcement-learning": TaskText(
        "Chooses actions in an environment and learns from the rewards they bring.",
        ("text",),
        ("text", "text"),
        ("transformers", "stable-baselines3", "ml-agents", "sample-factory"),
    ),
    "sentence-similarity": TaskText(
        "Says how near one sentence is in meaning to each of several others.",
        ("text", "text", "text", "text"),
        ("chart",),
        ("sentence-transformers", "spacy", "transformers.js"),
    ),
    "summarization": TaskText(
        "Shortens a text to what matters in it.",
        ("text",),
        ("text",),
        ("transformers", "transformers.js"),
    ),
    "table-question-answering": TaskText(
        "Answers a question from the cells of a table.",
        ("tabular", "text"),
        ("text",),
        ("transformers",),
    ),
    "tabular-classification": TaskText(
        "Predicts a category from the columns of a row.",
        ("tabular",),
        ("tabular",),
        ("sklearn",),
    ),
    "tabular-regression": TaskText(
        "Predicts a number from the columns of a row.",
        ("tabular",),
        ("tabular",),
        ("sklearn",),
    ),
    "text-classification": TaskText(
        "Gives a text one label, or a few, each with a score: a mood, a topic, a language.",
        ("text",),
        ("chart",),
        ("adapter-transformers", "setfit", "spacy", "transformers", "transformers.js"),
    ),
    "text-generation": TaskText(
        "Continues a text, or answers a message when it is a chat model.",
        ("text",),
        ("text",),
        ("transformers", "transformers.js"),
    ),
    "text-ranking": TaskText(
        "Orders texts by how well each answers a query.",
        ("text", "text", "text", "text"),
        ("chart",),
        ("sentence-transformers", "transformers"),
    ),
    "text-to-image": TaskText(
        "Makes a picture from a written description.",
        ("text",),
        ("img",),
        ("diffusers",),
    ),
    "text-to-speech": TaskText(
        "Reads a text out loud.",
        ("text",),
        ("audio",),
        ("espnet", "tensorflowtts", "transformers", "transformers.js"),
    ),
    "text-to-video": TaskText(
        "Makes a video from a written description.",
        ("text",),
        ("img",),
        ("diffusers",),
    ),
    "token-classification": TaskText(
        "Labels the words of a text one by one: names, parts of speech, parts of a form.",
        ("text",),
        ("text-with-tokens",),
        ("adapter-transformers", "flair", "spacy", "span-marker", "stanza", "transformers", "transformers.js"),
    ),
    "translation": TaskText(
        "Says in one language what a text says in another.",
        ("text",),
        ("text",),
        ("transformers", "transformers.js"),
    ),
    "unconditional-image-generation": TaskText(
        "Makes pictures like those it has learned from, without being told what to show.",
        ("text", "text"),
        ("img",),
        ("diffusers",),
    ),
    "video-text-to-text": TaskText(
        "Answers in writing about a video and a written request.",
        ("img", "text"),
        ("text",),
        ("transformers",),
    ),
    "video-to-video": TaskText(
        "Makes a new video from an old one.",
        ("img",),
        ("img",),
        ("diffusers",),
    ),
    "visual-question-answering": TaskText(
        "Answers a short question about a picture, mostly with one of a fixed set of answers.",
        ("img", "text"),
        ("chart",),
        ("transformers", "transformers.js"),
    ),
    "zero-shot-classification": TaskText(
        "Sorts a text under labels that are given only when it is asked.",
        ("text", "text"),
        ("chart",),
        ("transformers", "transformers.js"),
    ),
    "zero-shot-image-classification": TaskText(
        "Sorts a picture under labels that are given only when it is asked.",
        ("img", "text"),
        ("chart",),
        ("transformers", "transformers.js"),
    ),
    "zero-shot-object-detection": TaskText(
        "Finds things in a picture that are named only when it is asked.",
        ("img", "text"),
        ("img",),
        ("transformers", "transformers.js"),
    ),
    "text-to-3d": TaskText(
        "Makes a three-dimensional object from a written description.",
        ("text",),
        ("text",),
        ("diffusers",),
    ),
    "image-to-3d": TaskText(
        "Makes a three-dimensional object from a picture.",
        ("img",),
        ("text",),
        ("diffusers",),
    ),
}
