import json

from hubtui.ui.widgets.file_text import read


def _texts(untrusted: str, path: str) -> list[str]:
    return ["".join(span.text for span in line) for line in read(untrusted, path).lines]


def test_json_on_one_line_is_laid_out_to_be_read() -> None:
    found = read('{"a": {"b": 1}, "c": [1, 2]}', "config.json")
    assert found.is_laid_out
    assert len(found.lines) == 9
    assert dict(found.folds) == {1: 3, 4: 7}


def test_broken_json_is_shown_as_it_is() -> None:
    assert _texts('{"a": ', "config.json") == ['{"a": ']
    assert not read('{"a": ', "config.json").is_laid_out


def test_only_values_at_the_top_fold() -> None:
    content = json.dumps({"a": {"b": {"c": 1}}, "d": 1, "e": []}, indent=4)
    assert dict(read(content, "x/config.json").folds) == {1: 5}


def test_escape_sequences_and_endless_lines_of_a_file_do_not_reach_the_screen() -> None:
    texts = _texts("\x1b[31mred\x1b[0m\n" + "x" * 5_000, "notes.txt")
    assert "\x1b" not in "".join(texts)
    assert max(map(len, texts)) < 1_100
