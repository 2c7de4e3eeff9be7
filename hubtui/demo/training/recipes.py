"""Which function builds which repo, in an order that lets a repo stand on one built before it."""

from collections.abc import Callable, Mapping

from hubtui.demo.training import awkward, causal, classify, embed, masked, reading, seq2seq, tagging, vision
from hubtui.demo.training.outcome import Outcome, Workspace

Recipe = Callable[[Workspace], Outcome]
RECIPES: Mapping[str, Recipe] = {
    "demo/tiny-camembert-fr": masked.build_camembert,
    "demo/tiny-sentiment-en": classify.build_sentiment,
    "demo/tiny-gpt2-stories": causal.build_stories,
    "demo/tiny-bert-en": masked.build_bert,
    "demo/tiny-albert-kitchen": masked.build_albert,
    "demo/tiny-llama-chat": causal.build_chat,
    "demo/tiny-ner-en": tagging.build_news,
    "demo/tiny-qa-en": reading.build_answers,
    "demo/tiny-nli-zero-shot": reading.build_inference,
    "demo/tiny-t5-en-fr": seq2seq.build_translation,
    "demo/tiny-t5-summary": seq2seq.build_summary,
    "demo/tiny-byt5-plurals": seq2seq.build_plurals,
    "demo/tiny-sentence-embedder": embed.build_embedder,
    "demo/tiny-weather-words": causal.build_weather,
    "demo/tiny-place-names": causal.build_places,
    "demo/tiny-vit-shapes": vision.build_shapes,
    "demo/tiny-topics-multilabel": classify.build_topics,
    "demo/gated-star-reviews": classify.build_stars,
    "demo/llama-7b-blueprint": awkward.build_config_only,
    "demo/no-head-spam-filter": awkward.build_no_head,
    "demo/no-tokenizer-albert": awkward.build_no_tokenizer,
    "demo/pickle-only-sentiment": awkward.build_pickle_only,
    "demo/private-draft-fr": awkward.build_private_draft,
    "demo/sharded-weather-words": awkward.build_shards,
    "atelier/asteroid-two-voices": awkward.build_asteroid,
    "atelier/camembert-feelings-fr": classify.build_feelings,
    "atelier/canine-five-languages": classify.build_language,
    "atelier/clinic-ner-gated": tagging.build_clinic,
    "atelier/diffusers-postcards": awkward.build_diffusers,
    "atelier/flair-word-classes": awkward.build_flair,
    "atelier/gpt2-stories-fp16": awkward.build_half,
    "atelier/llama-chat-gguf": awkward.build_gguf,
    "atelier/untitled-checkpoint": awkward.build_no_card,
    "atelier/withdrawn-poet": awkward.build_withdrawn,
    "atelier/word-bag-sentiment": awkward.build_word_bag,
}
