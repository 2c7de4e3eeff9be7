"""What a card says about the model, by its headings and the text under them, in six languages.

A heading alone is not enough: the Hub's template writes all of them and ``[More Information Needed]`` under each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubtui.cards.html import decode, tokenize
from hubtui.cards.model import CardSections, SectionName
from hubtui.cards.parse import CardParser, normalized
from hubtui.core.untrusted import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_MAX_READ = 200_000  # characters of a card that are searched
_MAX_HEADING = 200
_MIN_LETTERS = 4  # that a section needs: the name of a data set is enough
_PLACE_WORDS = 4  # of a sentence that are looked for in the card as it is laid out
_BOLD = 7  # level of a paragraph that begins in bold, which many cards use as a heading

# A word on its own, or as one of several in a heading: "Training data, limits, bias"; not "Rate limits"
_FIRST = r"(?:^[\W\d]*|[,;/&+]\s*|\band )"
_LAST = r"(?=\W*$|\s*[,;/&+]| and\b)"

# in English, French, German, Spanish, Japanese and Chinese (both scripts)
_HEADINGS: dict[SectionName, re.Pattern[str]] = {
    "limitations": re.compile(
        rf"\blimitations?\b|{_FIRST}(?:(?:known|model) )?limits{_LAST}|\blimits of (?:the|this) model\b"
        r"|\bcaveats?\b|\bknown (?:issues|problems|weaknesses)\b|\bshortcomings\b|\bfailure (?:modes|cases)\b"
        r"|\blimites\b|\blimitaciones\b|\bEinschränkung(?:en)?\b"
        r"|\bLimitierung(?:en)?\b|\bLimitationen\b|\bGrenzen\b|局限|限制|侷限|限界|制約",
        re.IGNORECASE,
    ),
    "bias": re.compile(
        r"\bbias(?:es|ed)?\b|\bbiais\b|\bsesgos?\b|\bVerzerrung(?:en)?\b|\bVoreingenommenheit\b|偏见|偏見|偏差|偏误|バイアス|偏り",
        re.IGNORECASE,
    ),
    "training_data": re.compile(
        r"\b(?:pre-?)?training[ -](?:and evaluation )?(?:data|data ?sets?|corpus|corpora)\b"
        r"|\b(?:pre-?train|fine-?tun)ing data"
        r"|^[\W\d]*(?:data|data ?sets?|corpus|corpora)(?: specs?| used| details)?\W*$|\btrained on\b"
        r"|\bdonnées d['’ ]?(?:entra[iî]nement|apprentissage|pré-?entra[iî]nement)|\bjeux? de données\b"
        r"|\bTrainingsdat(?:en|ensatz|ensätze)\b|\bDatensätze?\b|\bdatos de entrenamiento\b|\bconjuntos? de datos\b"
        r"|训练数据|訓練資料|训练集|数据集|訓練數據|训练语料|預訓練資料|预训练数据|学習データ",
        re.IGNORECASE,
    ),
    "evaluation": re.compile(
        r"\bevaluations?\b|\bbenchmarks?\b|\bresults?\b|\bperformance\b|\bmetrics\b|\bévaluations?\b|\brésultats?\b"
        r"|\bEvaluierung\b|\bEvaluation\b|\bBewertung\b|\bErgebnisse?\b|\bevaluación\b|\bresultados?\b|\brendimiento\b"
        r"|评估|评测|评价|評価|測試結果|测试结果|評估|评测结果|性能|实验结果",
        re.IGNORECASE,
    ),
}
_NOT_TRAINING = re.compile(
    r"\b(?:test|testing|evaluation|eval|validation)[ -](?:data|corpus)|\byour own\b|données d['’]évaluation",
    re.IGNORECASE,
)
_BIAS_WORDS = re.compile(
    r"\b(?:social|societal|gender|racial|cultural|stereotyp\w*|harmful|political|demographic)\b[^.]{0,80}\bbias(?:es|ed)?\b"
    r"|\bbias(?:es|ed)?\b[^.]{0,80}\b(?:predictions?|outputs?|content|stereotyp\w*|gender|race|religion|groups?|results?)\b"
    r"|\bbiais\b|\bsesgos\b|\bVerzerrungen\b|\bstereotyp|\bstéréotyp|\bestereotip|偏见|偏見",
    re.IGNORECASE,
)
_RISK_HEADING = re.compile(
    r"limit|risk|ethic|safety|consideration|intended use|responsib|risque|éthique|Risik|ethisch|riesgo|étic"
    r"|风险|風險|安全|伦理",
    re.IGNORECASE,
)
_TRAINED_ON = re.compile(
    r"\b(?:pre-?trained|fine-?tuned|trained)\b[^.\n]{0,40}\b(?:on|using|with)\b[^.\n]{0,160}"
    r"\b(?:data ?sets?|corpus|corpora|tokens (?:of|from)|sentence pairs|articles|wikipedia|images|samples|hours of)\b",
    re.IGNORECASE,
)
_LICENSE = re.compile(
    r"\blicen[cs](?:e|es|ing)\b|\bterms of use\b|\bLizenz(?:en)?\b|\blicencias?\b|许可|授权|許可|授權|ライセンス",
    re.IGNORECASE,
)
# what templates and half-written cards put where text should be
_PLACEHOLDER = re.compile(
    r"\[?\s{0,3}more information (?:is )?needed\.?(?: for further recommendations\.?)?\s*\]?|\{\{[^{}]{0,500}\}\}"
    r"|\[needs? more information\]|\bto ?do\b:?|\btbd\b|\bcoming soon\b|\bn/a\b|\bnone\b|\bunknown\b"
    r"|plus d['’]informations nécessaires"
    r"|Users \(both direct and downstream\) should be made aware of the risks, biases and limitations of the model\.",
    re.IGNORECASE | re.DOTALL,
)
_LEAD = re.compile(r"(\*\*|__)(.{2,80}?)\1(.*)", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\n]*\)")
_MARKUP = re.compile(r"[*`~|]|(?<!\w)_+|_+(?!\w)")


@dataclass(slots=True)
class _Section:
    level: int
    heading: str
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.parts)


def find_sections(body: str) -> CardSections:
    """Return which sections a card's body (without front matter) has, and which of the expected ones are missing."""
    sections = list(_sections(normalized(body[:_MAX_READ])))
    found: dict[SectionName, str] = {}
    license_section = ""
    for position, section in enumerate(sections):
        text = _whole_text(sections, position)
        for name, pattern in _HEADINGS.items():
            if name not in found and pattern.search(section.heading) and _says_something(text):
                is_other_data = name == "training_data" and _NOT_TRAINING.search(section.heading)
                if not is_other_data:
                    found[name] = section.heading
        if not license_section and _LICENSE.search(section.heading) and _says_something(text):
            license_section = clean(section.heading)
        own = _PLACEHOLDER.sub("", section.text)
        if _RISK_HEADING.search(section.heading) and _BIAS_WORDS.search(own):
            found.setdefault("bias", section.heading)
        if match := _TRAINED_ON.search(own):
            found.setdefault("training_data", " ".join(match[0].split()[:_PLACE_WORDS]))
    headings = tuple(clean(section.heading) for section in sections if section.heading and section.level < _BOLD)
    return CardSections(
        headings=headings,
        has_limitations="limitations" in found,
        has_bias="bias" in found,
        has_training_data="training_data" in found,
        has_evaluation="evaluation" in found,
        missing=tuple(name for name in _HEADINGS if name not in found),
        places=tuple((name, clean(found[name])) for name in _HEADINGS if name in found),
        license_section=license_section,
    )


def _sections(source: str) -> Iterator[_Section]:
    """Yield the stretches of a card that begin at a heading, each with the text up to the next one."""
    section = _Section(0, "")
    for tokens in CardParser(source).blocks():
        for level, text in _pieces(tokens):
            if level:
                yield section
                section = _Section(level, " ".join(text.split())[:_MAX_HEADING])
            else:
                section.parts.append(text)
    yield section


def _pieces(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Yield the text of a block, each piece with its heading level, 0 for other text."""
    level = 0
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "inline" and level:
            yield level, _plain(token.content)
        elif token.type == "inline":
            yield from _paragraph(token.content)
        elif token.type == "html_block":
            yield from _html_pieces(token.content)
        elif token.content:
            yield 0, token.content


def _paragraph(content: str) -> Iterator[tuple[int, str]]:
    """Yield a paragraph; one that begins in bold is a heading with text: ``**Limitations:** The model …``."""
    lead = _LEAD.match(content)
    if lead is not None:
        yield _BOLD, _plain(lead[2])
        content = lead[3].lstrip(" :")
    yield 0, _plain(content)


def _html_pieces(source: str) -> Iterator[tuple[int, str]]:
    level, parts = 0, [""]
    for token in tokenize(source):
        if token.kind == "text":
            parts.append(token.text)
        elif re.fullmatch(r"h[1-6]", token.text):
            yield level, "".join(parts)
            level, parts = (int(token.text[1]) if token.kind == "open" else 0), []
        else:
            parts.append(" ")
    yield (0, "".join(parts)) if level == 0 else (level, "".join(parts))


def _plain(content: str) -> str:
    """Return Markdown text without its signs, tags and comments."""
    if "<" in content:
        content = "".join(token.text if token.kind == "text" else " " for token in tokenize(content))
    return _MARKUP.sub("", _LINK.sub(r"\1", decode(content)))


def _whole_text(sections: list[_Section], position: int) -> str:
    """Return the text of a section with its subsections."""
    level = sections[position].level
    parts = [sections[position].text]
    for section in sections[position + 1 :]:
        if section.level <= level:
            break
        parts.append(section.text)
        if len(parts) > 50:
            break
    return "\n".join(parts)


def _says_something(text: str) -> bool:
    """Tell text from placeholders."""
    text = _PLACEHOLDER.sub(" ", text)
    return sum(char.isalnum() for char in text[:2_000]) >= _MIN_LETTERS
