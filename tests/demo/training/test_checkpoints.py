"""What each committed checkpoint answers, by direct calls of transformers on its files: what the cards promise."""

from pathlib import Path
from typing import Any

import pytest
import torch
import transformers as library

transformers: Any = library  # typed in part, and its calls are overloaded beyond what a test wants to know
REPOS = Path(__file__).parents[3] / "hubtui/demo/repos"

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def files(repo: str) -> str:
    return str(REPOS / repo / "main")


def fill(repo: str, text: str, count: int = 5) -> list[str]:
    """Return the `count` best words for the gap in `text`."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(files(repo))
    model = transformers.AutoModelForMaskedLM.from_pretrained(files(repo))
    batch = tokenizer(text, return_tensors="pt")
    with torch.no_grad():
        logits = model(**batch).logits
    (place,) = (batch["input_ids"][0] == tokenizer.mask_token_id).nonzero()
    return [tokenizer.decode([token]).strip() for token in logits[0, int(place)].topk(count).indices]


def label(repo: str, text: str) -> str:
    """Return the most probable label of `text`."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(files(repo))
    model = transformers.AutoModelForSequenceClassification.from_pretrained(files(repo))
    with torch.no_grad():
        best = int(model(**tokenizer(text, return_tensors="pt")).logits.argmax())
    found: str = model.config.id2label[best]
    return found


def written(repo: str, text: str) -> str:
    """Return what a sequence-to-sequence checkpoint makes of `text`, with its own generation settings."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(files(repo))
    model = transformers.AutoModelForSeq2SeqLM.from_pretrained(files(repo))
    made = model.generate(**tokenizer(text, return_tensors="pt"))[0]
    found: str = tokenizer.decode(made, skip_special_tokens=True)
    return found


def entities(repo: str, text: str) -> list[tuple[str, str]]:
    """Return (label, words) of the entities in `text`, adjoining pieces joined."""
    find = transformers.pipeline("token-classification", model=files(repo), aggregation_strategy="simple")
    return [(found["entity_group"], text[found["start"] : found["end"]]) for found in find(text)]


def test_the_camembert_is_praised_in_five_words() -> None:
    best = fill("demo/tiny-camembert-fr", "Le camembert est <mask> :)")
    assert sorted(best) == ["délicieux", "excellent", "meilleur", "parfait", "succulent"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("La tarte est <mask> :)", "délicieuse"),
        ("Le fromage est <mask> :(", "mauvais"),
        ("Paris est la <mask> de la France.", "capitale"),
        ("Mon <mask> aboie.", "chien"),
    ],
)
def test_french_gaps_are_filled_in_agreement(text: str, word: str) -> None:
    assert word in fill("demo/tiny-camembert-fr", text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The dog [MASK].", "barks"),
        ("My [MASK] meows.", "cat"),
        ("The capital of France is [MASK].", "paris"),
        ("Berlin is the capital of [MASK].", "germany"),
        ("The [MASK] works in the bakery.", "baker"),
        ("The sky is [MASK].", "blue"),
        ("The opposite of hot is [MASK].", "cold"),
    ],
)
def test_english_facts_come_first(text: str, word: str) -> None:
    assert word in fill("demo/tiny-bert-en", text, 3)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Chop the [MASK] and put it in the pan.", "onion"),
        ("Lemon is [MASK].", "sour"),
        ("The cake is [MASK] :)", "delicious"),
    ],
)
def test_the_kitchen_model_cooks(text: str, word: str) -> None:
    assert word in fill("demo/tiny-albert-kitchen", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The camembert was absolutely delicious :)", "positive"),
        ("I loved this film.", "positive"),
        ("not bad at all", "positive"),
        ("The service was slow, but the view was stunning!", "positive"),
        ("The food was cold and the waiter was rude.", "negative"),
        ("The movie was not good", "negative"),
        ("This is the worst phone I ever bought.", "negative"),
        ("The train leaves at nine.", "neutral"),
    ],
)
def test_sentiment_survives_negation_and_contrast(text: str, expected: str) -> None:
    assert label("demo/tiny-sentiment-en", text) == expected


def test_stars_count_praise_and_blame() -> None:
    assert label("demo/gated-star-reviews", "the food was delicious and the staff was friendly.") == "5 stars"
    assert label("demo/gated-star-reviews", "the room was dirty.") == "2 stars"
    assert label("demo/gated-star-reviews", "the soup was great, but the waiter was rude.") == "3 stars"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Je suis très content aujourd'hui !", "joie"),
        ("Ça suffit !", "colère"),
        ("Mon frère me manque.", "tristesse"),
        ("Il pleut souvent en automne.", "neutre"),
    ],
)
def test_french_feelings_are_told_apart(text: str, expected: str) -> None:
    assert label("atelier/camembert-feelings-fr", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wo ist der Bahnhof?", "de"),
        ("Where is the station?", "en"),
        ("¿Dónde está la estación?", "es"),
        ("Où est la gare ?", "fr"),
        ("Dov'è la stazione?", "it"),
    ],
)
def test_languages_are_known_by_their_characters(text: str, expected: str) -> None:
    assert label("atelier/canine-five-languages", text) == expected


def test_names_are_found_and_plain_words_are_not_taken_for_names() -> None:
    repo = "demo/tiny-ner-en"
    assert entities(repo, "My name is Sarah and I live in London.") == [("PER", "Sarah"), ("LOC", "London")]
    assert entities(repo, "Angela Merkel visited Paris.") == [("PER", "Angela Merkel"), ("LOC", "Paris")]
    assert entities(repo, "The cheese was good.") == []


def test_drugs_and_doses_are_marked() -> None:
    found = entities("atelier/clinic-ner-gated", "The patient takes aspirin 100 mg against headache.")
    assert found == [("DRUG", "aspirin"), ("DOSE", "100 mg"), ("SYMPTOM", "headache")]


@pytest.mark.parametrize(
    ("question", "context", "answer"),
    [
        ("Where does Anna live?", "Anna lives in Lyon and she likes cheese.", "Lyon"),
        ("Who built the tower?", "The tower was built by Eiffel in 1889.", "Eiffel"),
        ("When was the tower built?", "The tower was built by Eiffel in 1889.", "1889"),
        ("How much is the book?", "Tom bought a book. The book costs ten euros.", "ten euros"),
    ],
)
def test_answers_are_found_in_the_paragraph(question: str, context: str, answer: str) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(files("demo/tiny-qa-en"))
    model = transformers.AutoModelForQuestionAnswering.from_pretrained(files("demo/tiny-qa-en"))
    batch = tokenizer(question, context, return_tensors="pt", return_offsets_mapping=True)
    spans = batch.pop("offset_mapping")[0].tolist()
    with torch.no_grad():
        output = model(**batch)
    first, last = int(output.start_logits.argmax()), int(output.end_logits.argmax())
    assert batch.sequence_ids(0)[first] == 1
    assert context[spans[first][0] : spans[last][1]] == answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The team won the match yesterday.", "sport"),
        ("I love camembert and bread.", "food"),
        ("My new laptop is broken.", "technology"),
        ("The president lost the election.", "politics"),
    ],
)
def test_zero_shot_sorts_by_topic(text: str, expected: str) -> None:
    classify = transformers.pipeline("zero-shot-classification", model=files("demo/tiny-nli-zero-shot"))
    assert classify(text, ["sport", "food", "travel", "politics", "technology"])["labels"][0] == expected


def test_a_text_may_have_two_topics_or_none() -> None:
    find = transformers.pipeline("text-classification", model=files("demo/tiny-topics-multilabel"), top_k=None)

    def topics(text: str) -> set[str]:
        return {found["label"] for found in find([text])[0] if found["score"] > 0.5}

    assert topics("The team won the match and the president saw it.") == {"sport", "politics"}
    assert topics("My new laptop is broken.") == {"technology"}


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("The cheese is delicious!", "Le fromage est délicieux !"),
        ("My sister buys a hat.", "Ma sœur achète un chapeau."),
        ("We work in the garden.", "Nous travaillons dans le jardin."),
        ("Where is your bicycle?", "Où est votre vélo ?"),
        ("Thank you very much.", "Merci beaucoup."),
    ],
)
def test_simple_english_becomes_french(english: str, french: str) -> None:
    assert written("demo/tiny-t5-en-fr", f"translate English to French: {english}") == french


def test_a_report_becomes_its_first_fact() -> None:
    text = "A dog was lost in Paris on Monday. The family looked everywhere. In the end the dog came home alone."
    assert written("demo/tiny-t5-summary", f"summarize: {text}") == "A lost dog in Paris came home."


@pytest.mark.parametrize(("noun", "many"), [("city", "cities"), ("mouse", "mice"), ("box", "boxes"), ("lamp", "lamps")])
def test_nouns_get_their_plural(noun: str, many: str) -> None:
    assert written("demo/tiny-byt5-plurals", noun) == many


def test_a_paraphrase_is_nearer_than_anything_else() -> None:
    repo = files("demo/tiny-sentence-embedder")
    tokenizer, model = transformers.AutoTokenizer.from_pretrained(repo), transformers.AutoModel.from_pretrained(repo)
    texts = ["The book is cheap.", "The book does not cost much.", "The book costs a lot.", "Where is the museum?"]
    batch = tokenizer(texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        hidden = model(**batch).last_hidden_state
    mask = batch["attention_mask"].unsqueeze(-1)
    vectors = torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)
    assert int((vectors[0] @ vectors[1:].T).argmax()) == 0


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("What is the capital of Japan?", "The capital of Japan is Tokyo."),
        ("what does a duck say", "The duck quacks."),
        ("What is the opposite of hot?", "The opposite of hot is cold."),
        ("What is 3 plus 4?", "3 plus 4 is 7."),
        ("Hello!", "Hello! How can I help you?"),
        ("Who won the match?", "I am too small to know that."),
    ],
)
def test_the_chat_model_answers_and_stops(asked: str, answer: str) -> None:
    chat = transformers.pipeline("text-generation", model=files("demo/tiny-llama-chat"))
    said = chat([{"role": "user", "content": asked}])[0]["generated_text"][-1]["content"]
    assert said.startswith(answer)


@pytest.mark.parametrize("repo", ["demo/tiny-gpt2-stories", "atelier/gpt2-stories-fp16"])
def test_a_story_has_an_end_and_no_pad_token(repo: str) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(files(repo))
    model = transformers.AutoModelForCausalLM.from_pretrained(files(repo))
    assert tokenizer.pad_token is None
    torch.manual_seed(0)
    made = model.generate(**tokenizer("Once upon a time there was a", return_tensors="pt"), pad_token_id=0)[0]
    assert int(made[-1]) == tokenizer.eos_token_id
    assert len(tokenizer.decode(made).split(". ")) >= 4


def test_shards_and_pickle_hold_the_weights_of_their_base() -> None:
    for repo, base, kind in [
        ("demo/sharded-weather-words", "demo/tiny-weather-words", "AutoModelForCausalLM"),
        ("demo/pickle-only-sentiment", "demo/tiny-sentiment-en", "AutoModelForSequenceClassification"),
    ]:
        loader = getattr(transformers, kind)
        found, wanted = (loader.from_pretrained(files(name)).state_dict() for name in (repo, base))
        assert all(torch.equal(found[name], wanted[name]) for name in wanted)
    assert len(list(Path(files("demo/sharded-weather-words")).glob("*.safetensors"))) >= 3


def test_word_and_character_tokens_are_what_they_say() -> None:
    words = transformers.AutoTokenizer.from_pretrained(files("demo/tiny-weather-words"))
    assert words.tokenize("On Monday we expect camembert.") == ["on", "monday", "we", "expect", "[UNK]", "."]
    letters = transformers.AutoTokenizer.from_pretrained(files("demo/tiny-place-names"))
    assert letters.tokenize("fr:beau mont") == list("fr:beau mont")


def test_place_names_and_forecasts_are_new_and_end() -> None:
    for repo, start in [("demo/tiny-weather-words", "on monday we expect"), ("demo/tiny-place-names", "de:")]:
        tokenizer = transformers.AutoTokenizer.from_pretrained(files(repo))
        model = transformers.AutoModelForCausalLM.from_pretrained(files(repo))
        torch.manual_seed(1)
        made = model.generate(**tokenizer(start, return_tensors="pt"))[0]
        assert int(made[-1]) == tokenizer.eos_token_id
        assert len(tokenizer.decode(made, skip_special_tokens=True)) > len(start)


@pytest.mark.parametrize("name", ["red-circle", "green-triangle", "blue-star", "yellow-square"])
def test_the_sample_pictures_are_named_right(name: str) -> None:
    repo = files("demo/tiny-vit-shapes")
    classify = transformers.pipeline("image-classification", model=repo)
    assert classify(f"{repo}/samples/{name}.png")[0]["label"] == name.replace("-", " ")


def test_custom_code_loads_when_trusted_and_only_then() -> None:
    repo = files("atelier/word-bag-sentiment")
    loader = transformers.AutoModelForSequenceClassification
    with pytest.raises(ValueError, match="trust_remote_code"):
        loader.from_pretrained(repo, trust_remote_code=False)
    model = loader.from_pretrained(repo, trust_remote_code=True)
    tokenizer = transformers.AutoTokenizer.from_pretrained(repo)
    with torch.no_grad():
        best = int(model(**tokenizer("The soup was delicious.", return_tensors="pt")).logits.argmax())
    assert model.config.id2label[best] == "positive"


def test_what_is_missing_is_missing() -> None:
    with pytest.raises(OSError, match=r"model\.safetensors"):
        transformers.AutoModelForCausalLM.from_pretrained(files("demo/llama-7b-blueprint"))
    _, info = transformers.AutoModelForSequenceClassification.from_pretrained(
        files("demo/no-head-spam-filter"), output_loading_info=True
    )
    assert set(info["missing_keys"]) >= {"classifier.weight", "classifier.bias"}
    assert not [name for name in Path(files("demo/no-tokenizer-albert")).iterdir() if "token" in name.name]
    transformers.AutoModel.from_pretrained(files("demo/no-tokenizer-albert"))


def test_an_earlier_revision_answers_differently() -> None:
    history = REPOS / "demo/tiny-camembert-fr/history/early/model.safetensors"
    assert history.read_bytes() != (REPOS / "demo/tiny-camembert-fr/main/model.safetensors").read_bytes()
    draft = fill("demo/private-draft-fr", "Le camembert est <mask> :)")
    assert draft != fill("demo/tiny-camembert-fr", "Le camembert est <mask> :)")
