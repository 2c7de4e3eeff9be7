"""Texts that break tokenizers, terminals and assumptions."""

from __future__ import annotations

import random

_PLAIN = [
    "",
    " ",
    "   ",
    "\t",
    "a",
    "Hello, world!",
    "Le camembert est délicieux :)",
    "Once upon a time there was a small dragon.",
    "don't stop — it's “fine”…",
    "UPPER lower MiXeD cAsE",
    "  two  spaces   between and  after  ",
    "tabs\tand\tmore\t\ttabs",
    "trailing space ",
    " leading space",
    "1234567890 3.14159 1,000,000 0x1F 1e-9",
    "http://example.com/a?b=c&d=%20#e me@example.org",
    "def f(x):\n    return x ** 2  # square\n",
    '{"key": [1, 2, null], "nested": {"a": "b"}}',
    "<html><b>bold</b></html> &amp; &#9731;",
    "C:\\path\\to\\file.txt /usr/bin/env",
    "a" * 500,
    "word " * 200,
    "!?.,;:" * 40,
]
_SPECIALS = [
    "[CLS] [SEP] [PAD] [UNK] [MASK]",
    "the [MASK] sat on the <mask>",
    "<s></s><pad><unk><mask>",
    "<|endoftext|>",
    "before<|endoftext|>after",
    "[INST] hi [/INST]",
    "<|im_start|>user\nhi<|im_end|>",
    "▁ ## Ġ Ċ </w> @@",
    "<0x0A> <extra_id_0> <extra_id_99>",
]
_SCRIPTS = [
    "日本語のテキストです。",
    "中文没有空格也能分词吗？",
    "한국어 띄어쓰기는 중요합니다.",
    "Привет, как дела?",
    "مرحبا بالعالم",
    "שלום עולם",
    "हिन्दी में लिखा हुआ",
    "ภาษาไทยไม่มีช่องว่าง",
    "ελληνικά κείμενο με τόνους",
    "Tiếng Việt có dấu",
    "İstanbul ılık ğüşöç",
    "mixed 日本 and עברית and العربية",
    "𝕳𝖊𝖑𝖑𝖔 𝓦𝓸𝓻𝓵𝓭 ＦＵＬＬＷＩＤＴＨ",
    "ﬁ ﬂ ½ ² ™ Ⅷ ㎏",
    "ß ẞ ŉ ǰ ΐ",
]
_EMOJI = [
    "😀😁😂🤣",
    "👨‍👩‍👧‍👦 family",
    "🏳️‍🌈 🇫🇷 🇯🇵",
    "👍🏽👍🏿",
    "a😀b😀c",
    "❤️ ❤ ♥︎",
    "1️⃣2️⃣#️⃣",
]
_INVISIBLE = [
    "nul\x00inside",
    "\x00",
    "bell\x07 esc\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "c1 \x85\x9b31m del\x7f",
    "zero\u200bwidth\u200cnon\u200djoin",
    "\u202egnp.exe\u202c rtl override",
    "\u2066isolate\u2069",
    "soft\xadhyphen",
    "\ufeffbom at start",
    "nbsp\xa0thin\u2009ideographic\u3000space",
    "line\u2028sep\u2029para",
    "\ufffd\ufffe\uffff",
    "tag \U000e0041\U000e0042",
    "private \ue000\uf8ff\U000f0000",
    "\u0085\u000b\u000c",
    "crlf\r\nline\rcr",
    "many\n\n\n\nlines",
    "\r\n",
]
_COMBINING = [
    "e\u0301 vs é",
    "o\u0308\u0304\u030c",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "\u0301starts with a mark",
    "a" + "\u0300" * 100,
    "क्षत्रिय ज्ञान",
    "각 가 각",
]


def nasty_texts() -> list[str]:
    """Return about a hundred texts, the same ones every time."""
    chosen = random.Random(7)
    anything = [
        "".join(chr(_code_point(chosen)) for _ in range(chosen.randint(1, 60)))
        for _ in range(100 - len(_PLAIN + _SPECIALS + _SCRIPTS + _EMOJI + _INVISIBLE + _COMBINING) + 20)
    ]
    return _PLAIN + _SPECIALS + _SCRIPTS + _EMOJI + _INVISIBLE + _COMBINING + anything


def long_text() -> str:
    """Return 10,000 characters of everything above, no line break among them."""
    mixed = " ".join(nasty_texts()).replace("\n", " ")
    return (mixed * (10_000 // len(mixed) + 1))[:10_000]


def _code_point(chosen: random.Random) -> int:
    """Return any code point but a surrogate, small ones more often."""
    while True:
        code = chosen.randrange(chosen.choice((0x80, 0x250, 0x3000, 0x10000, 0x110000)))
        if not 0xD800 <= code < 0xE000:
            return code
