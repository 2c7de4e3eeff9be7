"""LaTeX of model cards as readable Unicode: Greek, operators, sub- and superscripts, fractions, roots.

This reads, it does not typeset: a command it does not know stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata

_MAX_LENGTH = 4_000  # longer formulas are generated or hostile; they are shown as written
_MAX_DEPTH = 24

_SUPERSCRIPTS = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ′*",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ′*",
)
_SUBSCRIPTS = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
)

_SYMBOL_PAIRS = (
    "alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι kappa=κ lambda=λ "
    "mu=μ nu=ν xi=ξ pi=π rho=ρ sigma=σ tau=τ upsilon=υ phi=φ varphi=φ chi=χ psi=ψ omega=ω Gamma=Γ Delta=Δ Theta=Θ "
    "Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω times=× cdot=· div=÷ pm=± mp=∓ leq=≤ le=≤ geq=≥ ge=≥ "
    "neq=≠ ne=≠ approx=≈ equiv=≡ sim=∼ simeq=≃ propto=∝ infty=∞ partial=∂ nabla=∇ sum=∑ prod=∏ int=∫ oint=∮ in=∈ "
    "notin=∉ ni=∋ subset=⊂ subseteq=⊆ supset=⊃ supseteq=⊇ cup=∪ cap=∩ emptyset=∅ forall=∀ exists=∃ neg=¬ land=∧ "
    "lor=∨ to=→ rightarrow=→ leftarrow=← leftrightarrow=↔ Rightarrow=⇒ Leftarrow=⇐ Leftrightarrow=⇔ mapsto=↦ "
    "uparrow=↑ downarrow=↓ ldots=… dots=… cdots=⋯ vdots=⋮ ddots=⋱ ll=≪ gg=≫ odot=⊙ oplus=⊕ otimes=⊗ circ=∘ bullet=• "
    "star=⋆ ast=∗ mid=∣ parallel=∥ perp=⊥ angle=∠ ell=ℓ hbar=ℏ Re=ℜ Im=ℑ aleph=ℵ langle=⟨ rangle=⟩ lfloor=⌊ "
    "rfloor=⌋ lceil=⌈ rceil=⌉ prime=′ degree=° dagger=† checkmark=✓ top=⊤ bot=⊥ setminus=∖ lVert=‖ rVert=‖ Vert=‖ "
    "lvert=| rvert=| vert=| hookrightarrow=↪ longrightarrow=⟶ implies=⟹ iff=⟺ gets=← cong=≅ asymp=≍ models=⊨ "
    "vdash=⊢ wedge=∧ vee=∨ "
)
_FUNCTIONS = "log ln exp max min sup inf lim sin cos tan tanh det dim ker gcd arg argmax argmin Pr deg mod"
_SYMBOLS = {
    **dict(pair.split("=") for pair in _SYMBOL_PAIRS.split()),
    **{name: name for name in _FUNCTIONS.split()},
    "quad": "  ",
    "qquad": "    ",
    "bmod": "mod",
}
_IGNORED_COMMANDS = (
    "left right big Big bigg Bigg bigl bigr Bigl Bigr displaystyle textstyle scriptstyle limits nolimits nonumber "
    "label tag hline"
)
_DROPPED = frozenset(_IGNORED_COMMANDS.split())
_FONT_COMMANDS = (
    "text textbf textit texttt textrm textsf mathrm mathbf mathit mathsf mathtt operatorname boldsymbol bm mbox "
    "emph mathop pmb underline overset"
)
_TRANSPARENT = frozenset(_FONT_COMMANDS.split())
_ACCENTS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0304",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
}
_DOUBLE_STRUCK = dict(zip("CHNPQRZE", "ℂℍℕℙℚℝℤ𝔼", strict=True)) | {"1": "𝟙"}
_SCRIPT = dict(zip("BEFHILMRLDNO", "ℬℰℱℋℐℒℳℛℒ𝒟𝒩𝒪", strict=True))
_ALPHABETS = {"mathbb": _DOUBLE_STRUCK, "mathbbm": _DOUBLE_STRUCK, "mathcal": _SCRIPT, "mathscr": _SCRIPT}

_TOKEN = re.compile(r"\\[a-zA-Z]+\*?[ \t]*|\\.|\s+|.", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{[a-zA-Z]+\*?\}(?:\{[lcr|]*\})?")
_MATRIX = re.compile(r"\\begin\{([pbvBV]?)(?:small)?matrix\}(.*?)\\end\{\1(?:small)?matrix\}", re.DOTALL)
_BRACKETS = {"": ("[", "]"), "p": ("(", ")"), "b": ("[", "]"), "v": ("|", "|"), "B": ("{", "}"), "V": ("‖", "‖")}
_MATH_SIGN = re.compile(r"[\\^_=+<>{}|]")


def looks_like_math(text: str) -> bool:
    """Tell a formula from dollars that only happen to stand in pairs (``$HOME/bin:$PATH``)."""
    return len(text) <= 3 or _MATH_SIGN.search(text) is not None


def superscript(text: str) -> str:
    """Return `text` raised: superscript characters where Unicode has them all, else ``^text`` or ``^(two words)``."""
    return _script(text, _SUPERSCRIPTS, "^")


def subscript(text: str) -> str:
    """Return `text` lowered, as `superscript` does."""
    return _script(text, _SUBSCRIPTS, "_")


def to_unicode(tex: str) -> str:
    """Return the formula `tex` as readable text; may hold newlines where it has several rows."""
    tex = tex.strip()
    if len(tex) > _MAX_LENGTH:
        return tex
    reader = _Reader(_TOKEN.findall(_ENVIRONMENT.sub("", _MATRIX.sub(_on_one_line, tex))))
    try:
        text = reader.read_all()
    except _TooDeepError:
        return tex
    rows = (re.sub(r"[ \t]+", " ", row).strip() for row in text.split("\n"))
    return "\n".join(row for row in rows if row)


def _on_one_line(matrix: re.Match[str]) -> str:
    """Write a matrix as `(a b; c d)`."""
    first, last = _BRACKETS[matrix[1]]
    rows = [" ".join(row.replace("&", " ").split()) for row in matrix[2].split("\\\\")]
    inside = "; ".join(row for row in rows if row)
    return (
        "".join(f"\\{sign}" if sign in "{}" else sign for sign in first)
        + inside
        + (f"\\{last}" if last in "{}" else last)
    )


def _script(text: str, table: dict[int, int], sign: str) -> str:
    text = text.strip()
    if not text:
        return ""
    if any(ord(char) in table for char in text) and all(ord(char) in table or char in ", " for char in text):
        return text.translate(table)
    is_word = len(text) == 1 or (text.isascii() and text.isalnum())
    return f"{sign}{text}" if is_word else f"{sign}({text})"


def _grouped(text: str) -> str:
    """Put brackets around what would read wrongly beside a fraction bar or a root sign."""
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


class _TooDeepError(Exception):
    """Groups are nested deeper than any real formula."""


class _Reader:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def read_all(self) -> str:
        out: list[str] = []
        while self._next < len(self._tokens):
            out.append(self._read_until_close())
        return "".join(out)

    def _read_until_close(self) -> str:
        out: list[str] = []
        while self._next < len(self._tokens):
            if self._tokens[self._next] == "}":
                self._next += 1
                break
            out.append(self._read_one())
        return "".join(out)

    def _read_one(self) -> str:
        """Read one token with its arguments; the depth check stands here because every recursion passes through."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _TooDeepError
        piece = self._tokens[self._next]
        self._next += 1
        try:
            return self._read_token(piece)
        finally:
            self._depth -= 1

    def _read_token(self, piece: str) -> str:
        if piece == "{":
            return self._read_until_close()
        if piece in {"^", "_"}:
            return (superscript if piece == "^" else subscript)(self._argument())
        if piece == "\\\\":
            return "\n"
        if len(piece) > 1 and piece[0] == "\\":
            return self._read_command(piece)
        return " " if piece in {"&", "~"} or piece.isspace() else piece

    def _read_command(self, piece: str) -> str:
        name = piece[1:].rstrip(" \t*")
        if not name.isalpha():
            return " " if name in {",", ";", ":", " ", ""} else "" if name == "!" else name
        if name in _SYMBOLS:
            return _SYMBOLS[name] + (" " if piece[-1] in " \t" else "")
        if name in _DROPPED:
            return ""
        if name in _TRANSPARENT:
            return self._argument()
        return self._read_structure(name, piece)

    def _read_structure(self, name: str, token: str) -> str:
        if name in {"frac", "dfrac", "tfrac"}:
            return f"{_grouped(self._argument())}/{_grouped(self._argument())}"
        if name == "sqrt":
            degree = self._optional()
            root = {"": "√", "3": "∛", "4": "∜"}.get(degree, superscript(degree) + "√")
            return root + _grouped(self._argument())
        if name in _ACCENTS:
            text = self._argument()
            return unicodedata.normalize("NFC", text + _ACCENTS[name]) if len(text) == 1 else f"{name}({text})"
        if name in _ALPHABETS:
            return "".join(_ALPHABETS[name].get(char, char) for char in self._argument())
        if self._next < len(self._tokens) and self._tokens[self._next] == "{":
            return f"{token}{{{self._argument()}}}"
        return token

    def _argument(self) -> str:
        while self._next < len(self._tokens) and self._tokens[self._next].isspace():
            self._next += 1
        if self._next >= len(self._tokens) or self._tokens[self._next] == "}":
            return ""
        return self._read_one().strip()

    def _optional(self) -> str:
        if self._next >= len(self._tokens) or self._tokens[self._next] != "[":
            return ""
        try:
            end = self._tokens.index("]", self._next)
        except ValueError:
            return ""
        text = "".join(self._tokens[self._next + 1 : end])
        self._next = end + 1
        return text
