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
_SENTENCES = [
    "The quick brown fox jumps over the lazy dog; it's 5 o'clock.",
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.",
    "Portez ce vieux whisky au juge blond qui fume.",
    "El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia y frío.",
    "Ma la volpe, col suo balzo, ha raggiunto il quieto Fido.",
    "Luís argüia à Júlia que «brações, fé, chá, óxido, pôr, zângão» eram palavras do português.",
    "Pa's wijze lynx bezag vroom het fikse aquaduct.",
    "Pchnąć w tę łódź jeża lub ośm skrzyń fig.",
    "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "Árvíztűrő tükörfúrógép.",
    "Gheorghe, obezul, a reuşit să obţină jucându-se un flux în Quebec.",
    "Flygande bäckasiner söka hwila på mjuka tuvor.",
    "Törkylempijävongahdus, hyvää päivää!",
    "Kæmi ný öxi hér, ykist þjófum nú bæði víl og ádrepa.",
    "Pijamalı hasta yağız şoföre çabucak güvendi.",
    "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "Щастям б'єш жук їх глицю в фон й ґедзь пріч.",
    "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.",
    "דג סקרן שט בים מאוכזב ולפתע מצא חברה.",
    "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر.",
    "ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण का सर्वनाश करने वाले।",
    "আমি বাংলায় গান গাই।",
    "யாமறிந்த மொழிகளிலே தமிழ்மொழி போல்.",
    "いろはにほへと ちりぬるを わかよたれそ つねならむ",
    "視野無限廣，窗外有藍天。",
    "다람쥐 헌 쳇바퀴에 타고파.",
    "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า",
    "Do bạch kim rất quý nên sẽ dùng để lắp vô xương.",
    "Kwa heri ya kuonana, rafiki yangu.",
    "Ẹ kú àárọ̀, báwo ni?",
    "አማርኛ ትንሽ ትንሽ እችላለሁ።",
    "ქართული ენა ძალიან ლამაზია.",
    "Բարեւ Ձեզ, ինչպե՞ս եք։",
    "for (int i = 0; i < n; ++i) { sum += a[i] * b[i]; }",
    "SELECT name, COUNT(*) FROM users WHERE age >= 18 GROUP BY name;",
    "<|user|>\tWhat is 2+2?<|assistant|> 4",
    "$E = mc^2$ and $\\sum_{i=1}^{n} x_i$",
    "- [ ] todo\t**bold** _it_ `code` [link](http://a.b)",
    "2024-02-29T23:59:59.999+05:30",
    "ACGTACGTTAGC MKTAYIAKQRQISFVK",
]
N_TEXTS = 200


def nasty_texts() -> list[str]:
    """Return `N_TEXTS` texts, the same ones every time: written ones first, then random code points."""
    chosen = random.Random(7)
    written = _PLAIN + _SPECIALS + _SCRIPTS + _EMOJI + _INVISIBLE + _COMBINING + _SENTENCES
    anything = [
        "".join(chr(_code_point(chosen)) for _ in range(chosen.randint(1, 60))) for _ in range(N_TEXTS - len(written))
    ]
    return written + anything


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
