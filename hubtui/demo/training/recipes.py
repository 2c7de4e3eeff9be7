"""Which function builds which repo, in the order that lets a repo stand on one built before it."""

from collections.abc import Callable, Mapping

from hubtui.demo.training import causal, classify, masked
from hubtui.demo.training.outcome import Outcome, Workspace

Recipe = Callable[[Workspace], Outcome]
RECIPES: Mapping[str, Recipe] = {
    "demo/tiny-camembert-fr": masked.build_camembert,
    "demo/tiny-sentiment-en": classify.build_sentiment,
    "demo/tiny-gpt2-stories": causal.build_stories,
}
