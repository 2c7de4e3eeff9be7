"""The same two sentences in several languages: to begin with, and to see what each language costs in tokens."""

from __future__ import annotations

SENTENCES = {
    "en": ("The cheese is delicious :)", "It is good."),
    "fr": ("Le camembert est délicieux :)", "Il est bon."),
    "de": ("Der Käse schmeckt köstlich :)", "Er ist gut."),
    "es": ("El queso está delicioso :)", "Está bueno."),
    "it": ("Il formaggio è delizioso :)", "È buono."),
    "pt": ("O queijo está delicioso :)", "É bom."),
    "nl": ("De kaas is heerlijk :)", "Hij is goed."),
    "pl": ("Ten ser jest pyszny :)", "Jest dobry."),
    "ru": ("Этот сыр очень вкусный :)", "Он хороший."),
    "tr": ("Bu peynir çok lezzetli :)", "Güzel."),
    "ar": ("هذا الجبن لذيذ", "إنه جيد."),
    "hi": ("यह पनीर स्वादिष्ट है", "यह अच्छा है।"),
    "zh": ("这块奶酪非常好吃", "很好。"),
    "ja": ("このチーズはとてもおいしい", "いいね。"),
    "ko": ("이 치즈는 정말 맛있다", "좋다."),
}
"""Two lines of unequal length a language, of the same meaning in all."""

UNSPACED = frozenset({"zh", "ja"})
"""Languages that write no blanks between words: their characters are counted in place of words."""
