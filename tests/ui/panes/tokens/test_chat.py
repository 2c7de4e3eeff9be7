"""Writing a conversation and seeing the prompt."""

from __future__ import annotations

import json

from hubtui.core.chats import Chat
from hubtui.core.errors import TokenizerError
from hubtui.ui.panes.tokens.chat import ChatPanel
from hubtui.ui.widgets.chat_rows import ChatRows
from hubtui.ui.widgets.token_editor import TokenEditor
from tests.ui.panes.tokens.chat_app import FAULT, NO_TEMPLATE, WARNED, PlainTemplate, chat_app, press, to_chat

SIZE = (100, 40)
FIRST = "Le camembert est <mask> :)"


async def test_the_text_of_the_other_views_is_the_first_message() -> None:
    inspector = PlainTemplate()
    app = chat_app(inspector)
    async with app.run_test(size=SIZE) as pilot:
        await to_chat(pilot)
        assert inspector.chats == [Chat([{"role": "user", "content": FIRST}])]
        assert f"<s>│<user>│{FIRST}│</s>" in app.text()
        assert "generation│ <assistant>" in app.text()
        assert "9 tokens · 2 % of 512 · 1 for the generation prompt" in app.text()


async def test_messages_are_added_moved_given_roles_and_taken_away_by_keys() -> None:
    inspector = PlainTemplate()
    app = chat_app(inspector)
    async with app.run_test(size=SIZE) as pilot:
        await to_chat(pilot)
        await press(pilot, "a", "[Yes]", "escape", "a", "[Why]", "escape")
        assert [message["role"] for message in inspector.chats[-1].messages] == ["user", "assistant", "user"]
        assert [message["content"] for message in inspector.chats[-1].messages] == [FIRST, "Yes", "Why"]
        await press(pilot, "K")
        assert [message["content"] for message in inspector.chats[-1].messages] == [FIRST, "Why", "Yes"]
        await press(pilot, "J", "space")
        assert inspector.chats[-1].messages[2] == {"role": "assistant", "content": "Why"}
        await press(pilot, "backspace", "g", "delete")
        assert inspector.chats[-1].messages == [{"role": "assistant", "content": "Yes"}]
        await press(pilot, "delete")
        assert inspector.chats[-1].messages == [{"role": "user", "content": ""}]


async def test_what_is_typed_in_one_go_with_the_keys_before_it_is_not_lost() -> None:
    inspector = PlainTemplate()
    app = chat_app(inspector)
    async with app.run_test(size=SIZE) as pilot:
        await to_chat(pilot)
        await press(pilot, "a", "[Yes]", "escape")
        # no pause between them: the move to the first row is told of only when the text is there
        await pilot.press("g", "a", *"Really", "escape")
        await press(pilot)
        assert [message["content"] for message in inspector.chats[-1].messages] == [FIRST, "Really", "Yes"]


async def test_the_editor_shows_the_row_under_the_cursor() -> None:
    app = chat_app(PlainTemplate())
    async with app.run_test(size=SIZE) as pilot:
        view = await to_chat(pilot)
        await press(pilot, "a", "[Yes]", "escape")
        editor = view.query_one(TokenEditor)
        assert editor.text == "Yes"
        await press(pilot, "k")
        assert editor.text == FIRST
        await press(pilot, "G")
        assert json.loads(editor.text) == [{"role": "user", "content": FIRST}, {"role": "assistant", "content": "Yes"}]


async def test_tools_are_read_from_json_and_what_is_none_is_said_and_kept() -> None:
    inspector = PlainTemplate()
    app = chat_app(inspector)
    async with app.run_test(size=SIZE) as pilot:
        view = await to_chat(pilot)
        asked = len(inspector.chats)
        await press(pilot, "t", '[{"name":]')
        assert "✗ The tools are not JSON" in app.text()
        assert len(inspector.chats) == asked
        await press(pilot, "escape", "k", "j")
        editor = view.query_one(TokenEditor)
        assert editor.text == '{"name":'
        await press(pilot, "e", '["get_time"}]', "escape")
        assert inspector.chats[-1].tools == [{"name": "get_time"}]
        assert "get_time" in app.text()
        assert "12" in app.text()


async def test_a_conversation_can_be_pasted_as_json() -> None:
    inspector = PlainTemplate()
    app = chat_app(inspector)
    async with app.run_test(size=SIZE) as pilot:
        view = await to_chat(pilot)
        await press(pilot, "i")
        messages = [{"role": "system", "content": "Brief."}, {"role": "user", "content": "Hi"}]
        view.query_one(TokenEditor).put(json.dumps({"messages": messages, "tools": [{"name": "get_time"}]}))
        await press(pilot)
        assert inspector.chats[-1] == Chat(messages, [{"name": "get_time"}])
        assert view.query_one(ChatRows).cursor == 4
        await press(pilot, "escape", "g")
        assert view.query_one(TokenEditor).text == "Brief."


async def test_a_message_with_more_than_a_text_is_edited_as_json() -> None:
    inspector = PlainTemplate()
    app = chat_app(inspector)
    async with app.run_test(size=SIZE) as pilot:
        view = await to_chat(pilot)
        call = {"role": "assistant", "tool_calls": [{"type": "function", "function": {"name": "get_time"}}]}
        await press(pilot, "i")
        view.query_one(TokenEditor).put(json.dumps([{"role": "user", "content": "Hi"}, call]))
        await press(pilot, "escape", "g", "j")
        assert "→ get_time" in app.text()
        editor = view.query_one(TokenEditor)
        assert json.loads(editor.text) == call
        editor.put('{"role": "assistant", "content": "No", "name": "x"}')
        await press(pilot)
        assert inspector.chats[-1].messages[1] == {"role": "assistant", "content": "No", "name": "x"}
        editor.put('{"content": "No"}')
        await press(pilot)
        assert "has no role" in app.text()


async def test_switches_change_ending_thinking_template_and_what_is_shown() -> None:
    inspector = PlainTemplate()
    app = chat_app(inspector)
    async with app.run_test(size=SIZE) as pilot:
        await to_chat(pilot)
        for _ in range(3):
            await press(pilot, "p")
        assert [chat.ending for chat in inspector.chats[-3:]] == ["closed", "continue", "generation"]
        await press(pilot, "w", "w")
        assert inspector.chats[-1].variables == {"enable_thinking": False}
        assert "thinking off" in app.text()
        await press(pilot, "n")
        assert inspector.chats[-1].template == "tool_use"
        asked = len(inspector.chats)
        await press(pilot, "v")
        assert "<user>│Le│␣camembert│␣est" in app.text()
        await press(pilot, "v")
        assert "3     {{- '<' + message.role" in app.text()
        assert len(inspector.chats) == asked


async def test_a_click_on_a_switch_does_what_its_key_does() -> None:
    inspector = PlainTemplate()
    app = chat_app(inspector)
    async with app.run_test(size=SIZE) as pilot:
        await to_chat(pilot)
        lines = app.text().splitlines()
        row = next(y for y, line in enumerate(lines) if "thinking unsaid" in line)
        await pilot.click(offset=(lines[row].index("thinking"), row))
        await press(pilot)
        assert inspector.chats[-1].variables == {"enable_thinking": True}


async def test_a_fault_shows_the_line_of_the_template_at_which_it_is() -> None:
    app = chat_app(PlainTemplate(changed=FAULT))
    async with app.run_test(size=SIZE) as pilot:
        await to_chat(pilot)
        assert "✗ The chat template takes no system message and refuses this (line 3)" in app.text()
        assert "Put its text into the first user message." in app.text()
        assert "▸3     {{- '<' + message.role" in app.text()


async def test_a_tokenizer_without_a_template_says_what_to_do() -> None:
    app = chat_app(PlainTemplate(changed=NO_TEMPLATE))
    async with app.run_test(size=SIZE) as pilot:
        await to_chat(pilot)
        assert "has no chat template" in app.text()
        assert "A base model takes plain text." in app.text()


async def test_warnings_stand_before_the_prompt() -> None:
    app = chat_app(PlainTemplate(changed=WARNED))
    async with app.run_test(size=SIZE) as pilot:
        await to_chat(pilot)
        text = app.text()
        assert "2 warnings" in text
        assert text.index("! The template leaves") < text.index("<s>│<user>")


async def test_a_process_that_was_stopped_is_said_and_the_next_edit_asks_again() -> None:
    inspector = PlainTemplate(error=TokenizerError("The chat template did not answer within 2 s."))
    app = chat_app(inspector)
    async with app.run_test(size=SIZE) as pilot:
        await to_chat(pilot)
        assert "✗ The chat template did not answer within 2 s." in app.text()
        inspector.error = None
        await press(pilot, "e", "[!]", "escape")
        assert "did not answer" not in app.text()
        assert ":)!│</s>" in app.text()


async def test_messages_prompt_ids_and_template_can_be_copied() -> None:
    app = chat_app(PlainTemplate())
    async with app.run_test(size=SIZE) as pilot:
        view = await to_chat(pilot)
        copied = dict(view.copyable())
        assert json.loads(copied["messages as JSON"]) == [{"role": "user", "content": FIRST}]
        assert copied["prompt"] == f"<s><user>{FIRST}</s><assistant>"
        assert copied["9 token ids"] == " ".join(str(10 + at) for at in range(9))
        assert copied["chat template"].startswith("{{ bos_token }}")


async def test_foreign_characters_are_made_visible() -> None:
    app = chat_app(PlainTemplate(changed={"source": "a\x1b[31m\n{{ '\u202e' }}"}))
    async with app.run_test(size=SIZE) as pilot:
        view = await to_chat(pilot)
        view.query_one(TokenEditor).put("a\x1b[31m\u202eb\nc")
        for keys, words in (((), "a␛[31mb⏎"), (("v",), "a␛[31m<U+202E>b"), (("v",), "a␛[31m")):
            await press(pilot, *keys)
            shown = "\n".join(piece for line in view.query_one(ChatPanel).lines_made for piece, _ in line)
            assert words in shown.replace("\n", "")
            assert not set(shown) & {"\x1b", "\u202e"}


async def test_keys_of_the_text_do_nothing_where_there_is_no_text() -> None:
    app = chat_app(PlainTemplate())
    async with app.run_test(size=SIZE) as pilot:
        view = await to_chat(pilot)
        await press(pilot, "m")
        assert view.query_one(ChatRows).has_focus
