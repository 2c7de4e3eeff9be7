"""What an architecture's name says: the Hub's task and the transformers Auto class that loads it.

Names end in their head (`BertForMaskedLM`); where the head does not decide (`…ForConditionalGeneration`), the model
type does.
The pairs follow transformers' own tables (`utils/update_metadata.py`, `models/auto/modeling_auto.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

# Longest suffix first where one ends in another.
_HEADS: tuple[tuple[str, str, str], ...] = (
    ("ForMaskedLM", "fill-mask", "AutoModelForMaskedLM"),
    ("FlaubertWithLMHeadModel", "fill-mask", "AutoModelForMaskedLM"),
    ("XLMWithLMHeadModel", "fill-mask", "AutoModelForMaskedLM"),
    ("ForCausalLM", "text-generation", "AutoModelForCausalLM"),
    ("LMHeadModel", "text-generation", "AutoModelForCausalLM"),
    ("DoubleHeadsModel", "text-generation", "AutoModelForCausalLM"),
    ("BertGenerationDecoder", "text-generation", "AutoModelForCausalLM"),
    ("ReformerModelWithLMHead", "text-generation", "AutoModelForCausalLM"),
    ("ForAudioClassification", "audio-classification", "AutoModelForAudioClassification"),
    ("ForImageClassification", "image-classification", "AutoModelForImageClassification"),
    ("ForImageClassificationWithTeacher", "image-classification", "AutoModelForImageClassification"),
    ("ForZeroShotImageClassification", "zero-shot-image-classification", "AutoModelForZeroShotImageClassification"),
    ("ForVideoClassification", "video-classification", "AutoModelForVideoClassification"),
    ("ForSequenceClassification", "text-classification", "AutoModelForSequenceClassification"),
    ("ForTokenClassification", "token-classification", "AutoModelForTokenClassification"),
    ("ForVisualQuestionAnswering", "visual-question-answering", "AutoModelForVisualQuestionAnswering"),
    ("ViltForQuestionAnswering", "visual-question-answering", "AutoModelForVisualQuestionAnswering"),
    ("ForDocumentQuestionAnswering", "document-question-answering", "AutoModelForDocumentQuestionAnswering"),
    ("ForTableQuestionAnswering", "table-question-answering", "AutoModelForTableQuestionAnswering"),
    ("TapasForQuestionAnswering", "table-question-answering", "AutoModelForTableQuestionAnswering"),
    ("ForQuestionAnsweringSimple", "question-answering", "AutoModelForQuestionAnswering"),
    ("ForQuestionAnswering", "question-answering", "AutoModelForQuestionAnswering"),
    ("ForMultipleChoice", "multiple-choice", "AutoModelForMultipleChoice"),
    ("ForCTC", "automatic-speech-recognition", "AutoModelForCTC"),
    ("ForSpeechToText", "automatic-speech-recognition", "AutoModelForSpeechSeq2Seq"),
    ("SpeechEncoderDecoderModel", "automatic-speech-recognition", "AutoModelForSpeechSeq2Seq"),
    ("ForTextToSpeech", "text-to-speech", "AutoModelForTextToWaveform"),
    ("ForTextToWaveform", "text-to-speech", "AutoModelForTextToWaveform"),
    ("VitsModel", "text-to-speech", "AutoModelForTextToWaveform"),
    ("BarkModel", "text-to-speech", "AutoModelForTextToWaveform"),
    ("ForObjectDetection", "object-detection", "AutoModelForObjectDetection"),
    ("ForSemanticSegmentation", "image-segmentation", "AutoModelForSemanticSegmentation"),
    ("ForUniversalSegmentation", "image-segmentation", "AutoModelForUniversalSegmentation"),
    ("ForInstanceSegmentation", "image-segmentation", "AutoModelForInstanceSegmentation"),
    ("ForImageSegmentation", "image-segmentation", "AutoModelForImageSegmentation"),
    ("DetrForSegmentation", "image-segmentation", "AutoModelForImageSegmentation"),
    ("ForDepthEstimation", "depth-estimation", "AutoModelForDepthEstimation"),
    ("ForKeypointDetection", "keypoint-detection", "AutoModelForKeypointDetection"),
    ("ForPoseEstimation", "keypoint-detection", "AutoModel"),
    ("ForImageToImage", "image-to-image", "AutoModelForImageToImage"),
    ("ForImageSuperResolution", "image-to-image", "AutoModelForImageToImage"),
    ("ForImageTextToText", "image-text-to-text", "AutoModelForImageTextToText"),
    ("VisionEncoderDecoderModel", "image-to-text", "AutoModelForImageTextToText"),
    ("MTModel", "translation", "AutoModelForSeq2SeqLM"),
    ("FSMTForConditionalGeneration", "translation", "AutoModelForSeq2SeqLM"),
    ("EncoderDecoderModel", "text2text-generation", "AutoModelForSeq2SeqLM"),
    ("ForRetrieval", "visual-document-retrieval", "AutoModel"),
    ("ForPrediction", "time-series-forecasting", "AutoModel"),
    ("DecisionTransformerModel", "reinforcement-learning", "AutoModel"),
    ("SamModel", "mask-generation", "AutoModelForMaskGeneration"),
    ("SamHQModel", "mask-generation", "AutoModelForMaskGeneration"),
    ("Sam2Model", "mask-generation", "AutoModelForMaskGeneration"),
    ("SeamlessM4TModel", "automatic-speech-recognition", "AutoModelForSpeechSeq2Seq"),
    ("SeamlessM4Tv2Model", "automatic-speech-recognition", "AutoModelForSpeechSeq2Seq"),
)

# Heads named …ForPreTraining that predict masked tokens; others (Electra's, Wav2Vec2's) are of no use by themselves.
_PRETRAINED_MASKS = frozenset(
    {"albert", "bert", "big_bird", "ernie", "fnet", "megatron-bert", "mobilebert", "visual_bert"}
)

_GENERATORS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("m2m_100", "nllb-moe", "nllb_moe", "marian"), ("translation", "AutoModelForSeq2SeqLM")),
    **dict.fromkeys(("pegasus", "pegasus_x", "bigbird_pegasus"), ("summarization", "AutoModelForSeq2SeqLM")),
    **dict.fromkeys(
        ("whisper", "speech_to_text", "moonshine", "kyutai_speech_to_text"),
        ("automatic-speech-recognition", "AutoModelForSpeechSeq2Seq"),
    ),
    **dict.fromkeys(("blip", "blip-2", "pix2struct", "kosmos-2"), ("image-to-text", "AutoModelForImageTextToText")),
    **dict.fromkeys(("musicgen", "musicgen_melody"), ("text-to-audio", "AutoModelForTextToWaveform")),
    **dict.fromkeys(("dia", "csm"), ("text-to-speech", "AutoModelForTextToWaveform")),
    **dict.fromkeys(
        ("qwen2_audio", "voxtral", "granite_speech", "audioflamingo3", "glmasr"),
        ("audio-text-to-text", "AutoModelForMultimodalLM"),
    ),
    **dict.fromkeys(
        ("qwen2_5_omni", "qwen3_omni_moe", "gemma3n", "janus", "chameleon"), ("any-to-any", "AutoModelForMultimodalLM")
    ),
    **dict.fromkeys(
        ("video_llava", "llava_next_video", "instructblipvideo"), ("video-text-to-text", "AutoModelForImageTextToText")
    ),
}

_SPEECH = frozenset({
    "audio-spectrogram-transformer", "data2vec-audio", "hubert", "sew", "sew-d", "unispeech", "unispeech-sat",
    "wav2vec2", "wav2vec2-bert", "wav2vec2-conformer", "wavlm",
})  # fmt: skip
_VISION = frozenset({
    "beit", "bit", "convnext", "convnextv2", "cvt", "data2vec-vision", "deit", "dinat", "dinov2",
    "dinov2_with_registers", "dinov3_convnext", "dinov3_vit", "efficientnet", "focalnet", "hiera", "ijepa",
    "levit", "mobilenet_v1", "mobilenet_v2", "mobilevit", "mobilevitv2", "poolformer", "pvt", "pvt_v2",
    "regnet", "resnet", "segformer", "siglip_vision_model", "swin", "swinv2", "timm_wrapper", "van", "vit",
    "vit_hybrid", "vit_mae", "vit_msn", "yolos", "clip_vision_model",
})  # fmt: skip
_IMAGE_AND_TEXT = frozenset({
    "align", "altclip", "aimv2", "blip", "chinese_clip", "clip", "clipseg", "groupvit", "metaclip_2", "siglip",
    "siglip2",
})  # fmt: skip
_ZERO_SHOT_DETECTORS = frozenset({"grounding-dino", "mm-grounding-dino", "omdet-turbo", "owlv2", "owlvit"})
_PAGES = frozenset({"layoutlm", "layoutlmv2", "layoutlmv3", "layoutxlm", "lilt", "bros"})

_PEFT_TASKS = {
    "CAUSAL_LM": "text-generation",
    "SEQ_2_SEQ_LM": "text2text-generation",
    "SEQ_CLS": "text-classification",
    "TOKEN_CLS": "token-classification",
    "QUESTION_ANS": "question-answering",
    "FEATURE_EXTRACTION": "feature-extraction",
}

_DIFFUSERS_TASKS = (
    ("Img2Img", "image-to-image"),
    ("Image2Image", "image-to-image"),
    ("Inpaint", "image-to-image"),
    ("Upscale", "image-to-image"),
    ("InstructPix2Pix", "image-to-image"),
    ("Edit", "image-to-image"),
    ("Kontext", "image-to-image"),
    ("ImageToVideo", "image-to-video"),
    ("StableVideo", "image-to-video"),
    ("Depth", "depth-estimation"),
    ("Audio", "text-to-audio"),
    ("Music", "text-to-audio"),
    ("Video", "text-to-video"),
    ("Wan", "text-to-video"),
    ("Mochi", "text-to-video"),
    ("LTX", "text-to-video"),
    ("CogVideo", "text-to-video"),
    ("ShapE", "text-to-3d"),
    ("DDPM", "unconditional-image-generation"),
    ("DDIM", "unconditional-image-generation"),
    ("PNDM", "unconditional-image-generation"),
    ("ScoreSdeVe", "unconditional-image-generation"),
    ("KarrasVe", "unconditional-image-generation"),
)


def task_and_auto_class(architecture: str, config: Mapping[str, Any]) -> tuple[str, str]:
    """Return the Hub's task id and the Auto class of an architecture; both empty when the name does not tell.

    Args:
        architecture: class name as in `architectures` of config.json, also with the prefixes `TF` and `Flax`.
        config: config.json, whose `model_type` decides where the name does not.
    """
    name = architecture.removeprefix("TF").removeprefix("Flax")
    model_type = str(config.get("model_type", ""))
    refined = _by_type_and_head(name, model_type)
    if refined[0]:
        return refined
    for suffix, task, auto_class in _HEADS:
        if name.endswith(suffix):
            return task, auto_class
    if name.endswith("ForConditionalGeneration"):
        return _generator(model_type, config)
    if name.endswith("ForPreTraining"):
        return (
            ("fill-mask", "AutoModelForMaskedLM")
            if model_type in _PRETRAINED_MASKS
            else ("", "AutoModelForPreTraining")
        )
    if name.endswith(("Model", "Encoder", "ModelWithProjection")):
        return _bare(model_type), "AutoModel"
    return "", ""


def _by_type_and_head(name: str, model_type: str) -> tuple[str, str]:
    """The heads whose meaning changes with what the model reads."""
    if model_type in _SPEECH and name.endswith("ForSequenceClassification"):
        return "audio-classification", "AutoModelForAudioClassification"
    if model_type in _PAGES and name.endswith("ForQuestionAnswering"):
        return "document-question-answering", "AutoModelForDocumentQuestionAnswering"
    if model_type in _ZERO_SHOT_DETECTORS and name.endswith("ForObjectDetection"):
        return "zero-shot-object-detection", "AutoModelForZeroShotObjectDetection"
    if model_type in _IMAGE_AND_TEXT and name.endswith("Model"):
        return "zero-shot-image-classification", "AutoModelForZeroShotImageClassification"
    return "", ""


def _generator(model_type: str, config: Mapping[str, Any]) -> tuple[str, str]:
    if model_type in _GENERATORS:
        return _GENERATORS[model_type]
    sees, hears = "vision_config" in config, "audio_config" in config
    if sees and hears:
        return "any-to-any", "AutoModelForMultimodalLM"
    if sees:
        return "image-text-to-text", "AutoModelForImageTextToText"
    if hears:
        return "audio-text-to-text", "AutoModelForMultimodalLM"
    return "text2text-generation", "AutoModelForSeq2SeqLM"


def _bare(model_type: str) -> str:
    return "image-feature-extraction" if model_type in _VISION else "feature-extraction"


def reads(model_type: str) -> Literal["text", "picture", "sound"]:
    """Return what a model of a type reads, text where its type does not tell."""
    return "picture" if model_type in _VISION else "sound" if model_type in _SPEECH else "text"


def peft_task(task_type: object) -> str:
    """Return the Hub's task of an adapter's `task_type`, empty when unknown."""
    return _PEFT_TASKS.get(task_type, "") if isinstance(task_type, str) else ""


def diffusers_task(pipeline_class: str) -> str:
    """Return the Hub's task of a diffusers pipeline class (`_class_name` of model_index.json)."""
    return next((task for part, task in _DIFFUSERS_TASKS if part in pipeline_class), "text-to-image")
