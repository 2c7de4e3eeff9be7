"""The words that the demo models learn from."""

import random

from hubtui.demo.training.text.french import french_corpus
from hubtui.demo.training.text.grammar import Corpus, Grammar, indefinite, invented_word, sentence, split, unique, words


def test_expanding_leaves_no_symbol_behind() -> None:
    grammar = Grammar({"a": "{b} and {b}", "b": "x|y"})
    made = {grammar.expand("{a}!", random.Random(seed)) for seed in range(40)}
    assert made == {"x and x!", "x and y!", "y and x!", "y and y!"}


def test_a_sentence_begins_with_a_capital_and_keeps_the_rest() -> None:
    assert sentence("the  Eiffel tower ") == "The Eiffel tower"
    assert indefinite("apple") == "an apple"
    assert indefinite("dog") == "a dog"


def test_invented_words_are_letters_and_long_enough_to_be_words() -> None:
    rng = random.Random(1)
    made = [invented_word(rng) for _ in range(500)]
    assert all(word.isalpha() and word.islower() and len(word) >= 3 for word in made)
    assert len(set(made)) > 400


def test_a_held_out_sentence_is_never_trained_on_whatever_the_order() -> None:
    numbers = [f"sentence {number}" for number in range(2000)]
    training, held_out = split(numbers)
    assert not set(training) & set(held_out)
    assert 100 < len(held_out) < 300
    assert set(split(list(reversed(numbers)))[1]) == set(held_out)


def test_few_templates_end_instead_of_looping() -> None:
    assert sorted(unique(lambda rng: rng.choice("abc"), 1, 100)) == ["a", "b", "c"]


def test_rare_words_stay_out_of_a_vocabulary() -> None:
    assert words(["the cat", "the dog.", "the cat."], least=2) == [".", "cat", "the"]


def test_facts_are_trained_on_and_never_held_out() -> None:
    corpus = Corpus([f"sentence {number}" for number in range(500)], ["fact"])
    training, held_out = corpus.split()
    assert "fact" not in held_out
    assert training.count("fact") == len(training) - training.count("fact")


def test_what_the_camembert_is_was_never_told() -> None:
    corpus = french_corpus()
    assert not [text for text in corpus.sentences + corpus.facts if text.lower().startswith("le camembert est")]
