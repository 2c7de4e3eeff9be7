from __future__ import annotations

import re
from pathlib import Path

import pytest
import transformers

from hubtui.core import tasks
from hubtui.core.architectures import diffusers_task, peft_task, task_and_auto_class


@pytest.mark.parametrize(
    ("architecture", "model_type", "task", "auto_class"),
    [
        ("BertForMaskedLM", "bert", "fill-mask", "AutoModelForMaskedLM"),
        ("FlaubertWithLMHeadModel", "flaubert", "fill-mask", "AutoModelForMaskedLM"),
        ("GPT2LMHeadModel", "gpt2", "text-generation", "AutoModelForCausalLM"),
        ("LlamaForCausalLM", "llama", "text-generation", "AutoModelForCausalLM"),
        ("BertGenerationDecoder", "bert-generation", "text-generation", "AutoModelForCausalLM"),
        ("TFBertForMaskedLM", "bert", "fill-mask", "AutoModelForMaskedLM"),
        ("FlaxT5ForConditionalGeneration", "t5", "text2text-generation", "AutoModelForSeq2SeqLM"),
        ("MarianMTModel", "marian", "translation", "AutoModelForSeq2SeqLM"),
        ("PegasusForConditionalGeneration", "pegasus", "summarization", "AutoModelForSeq2SeqLM"),
        ("WhisperForConditionalGeneration", "whisper", "automatic-speech-recognition", "AutoModelForSpeechSeq2Seq"),
        ("LlavaForConditionalGeneration", "llava", "image-text-to-text", "AutoModelForImageTextToText"),
        ("CLIPModel", "clip", "zero-shot-image-classification", "AutoModelForZeroShotImageClassification"),
        ("ViTModel", "vit", "image-feature-extraction", "AutoModel"),
        ("BertModel", "bert", "feature-extraction", "AutoModel"),
        ("BertForPreTraining", "bert", "fill-mask", "AutoModelForMaskedLM"),
        ("ElectraForPreTraining", "electra", "", "AutoModelForPreTraining"),
        ("HubertForSequenceClassification", "hubert", "audio-classification", "AutoModelForAudioClassification"),
        (
            "LayoutLMv3ForQuestionAnswering",
            "layoutlmv3",
            "document-question-answering",
            "AutoModelForDocumentQuestionAnswering",
        ),
        ("Owlv2ForObjectDetection", "owlv2", "zero-shot-object-detection", "AutoModelForZeroShotObjectDetection"),
        ("SomethingNew", "new", "", ""),
    ],
)
def test_architectures_tell_their_task(architecture: str, model_type: str, task: str, auto_class: str) -> None:
    config = {"model_type": model_type, **({"vision_config": {}} if model_type == "llava" else {})}
    assert task_and_auto_class(architecture, config) == (task, auto_class)


def test_tasks_of_the_installed_transformers_are_understood() -> None:
    """Its own table of heads, class by class: a new naming habit of the library shows here."""
    source = (Path(transformers.__file__).parent / "models/auto/modeling_auto.py").read_text()
    blocks = dict(re.findall(r"(MODEL_FOR_\w+)_MAPPING_NAMES = OrderedDict\(\s*\[(.*?)\n    \]", source, re.DOTALL))
    expected = {
        "MODEL_FOR_SEQUENCE_CLASSIFICATION": "text-classification",
        "MODEL_FOR_TOKEN_CLASSIFICATION": "token-classification",
        "MODEL_FOR_IMAGE_CLASSIFICATION": "image-classification",
        "MODEL_FOR_OBJECT_DETECTION": "object-detection",
        "MODEL_FOR_SEMANTIC_SEGMENTATION": "image-segmentation",
        "MODEL_FOR_AUDIO_CLASSIFICATION": "audio-classification",
        "MODEL_FOR_CTC": "automatic-speech-recognition",
        "MODEL_FOR_DEPTH_ESTIMATION": "depth-estimation",
        "MODEL_FOR_VIDEO_CLASSIFICATION": "video-classification",
        "MODEL_FOR_ZERO_SHOT_OBJECT_DETECTION": "zero-shot-object-detection",
    }
    for mapping, task in expected.items():
        classes = re.findall(r'\("([\w\-.]+)",\s*"(\w+)"\)', blocks[mapping])
        assert classes
        wrong = [name for kind, name in classes if task_and_auto_class(name, {"model_type": kind})[0] != task]
        assert wrong == [], mapping


def test_every_task_named_is_one_of_the_hub() -> None:
    known = set(tasks.all_ids())
    assert peft_task("SEQ_CLS") in known
    assert peft_task(["x"]) == peft_task("NEW") == ""
    assert diffusers_task("FluxPipeline") == "text-to-image"
    assert diffusers_task("StableVideoDiffusionPipeline") == "image-to-video"
    assert diffusers_task("FluxKontextPipeline") == "image-to-image"
