import pytest
from textual.widgets import Input

from hubtui.core.errors import HubUnreachableError, LocalStateError
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.core.settings import Settings
from hubtui.core.target import parse_target
from hubtui.ui.actions import BY_ID
from hubtui.ui.messages import CopyRequested, Notice
from hubtui.ui.screens.help import HelpScreen
from hubtui.ui.screens.picker import Picker
from hubtui.ui.widgets.search_line import SearchLine
from tests.fake_rows import NOW
from tests.fakes import FakeHub, FakeMemory, fake_services
from tests.fakes_files import FakeQueue
from tests.ui.shell import NARROW, WIDE, find, screen_text, settle, shell, until

CAMEMBERT = "almanach/camembert-base"
TINY = "demo/tiny-camembert-fr"


async def test_a_model_opens_beside_the_list_where_there_is_room_and_the_list_keeps_the_keys() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("enter")
        await settle(pilot)
        assert f"open {CAMEMBERT}" in app.side.asked
        assert app.focused is app.search.results
        await pilot.press("enter")
        await settle(pilot)
        assert app.sides.shown == "model"


async def test_a_narrow_terminal_shows_one_side_at_a_time_and_esc_comes_back() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("j", "enter")
        await settle(pilot)
        assert not app.search.display or not app.search.region
        assert f"open {TINY}" in screen_text(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert app.focused is app.search.results
        assert app.search.row is not None
        assert app.search.row.id == TINY
        await pilot.press("tab")
        await settle(pilot)
        assert app.sides.shown == "model"


async def test_a_terminal_that_is_too_small_asks_for_room_and_goes_on_when_it_gets_it() -> None:
    app = shell()
    async with app.run_test(size=(50, 18)) as pilot:
        await settle(pilot)
        assert "60×20" in screen_text(pilot)
        await pilot.resize_terminal(60, 20)
        await settle(pilot)
        assert "Try a search" in screen_text(pilot)
        await pilot.resize_terminal(59, 20)
        await settle(pilot)
        assert "60×20" in screen_text(pilot)


async def test_a_terminal_that_grows_shows_both_sides() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.resize_terminal(*WIDE)
        await settle(pilot)
        assert "3 shown" in screen_text(pilot)
        assert f"open {CAMEMBERT}" in screen_text(pilot)


async def test_zoom_gives_the_side_in_use_the_whole_width_and_takes_it_back() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("z")
        await settle(pilot)
        assert app.search.size.width == WIDE[0]
        await pilot.press("z")
        await settle(pilot)
        assert app.search.size.width < WIDE[0]


async def test_back_and_forward_retrace_searches_and_models() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("j", "enter")
        await settle(pilot)
        await pilot.press("escape")
        await pilot.press("slash", "ctrl+u", *"qwen", "enter")
        await settle(pilot)
        line = app.search.query_one(SearchLine)
        await pilot.press("left_square_bracket")
        await settle(pilot)
        assert line.text == "camembert"
        await pilot.press("left_square_bracket")
        await settle(pilot)
        assert (line.text, app.sides.open_id) == ("camembert", "")
        await pilot.press("left_square_bracket")
        await settle(pilot)
        assert line.text == ""
        for _ in range(3):
            await pilot.press("right_square_bracket")
            await settle(pilot)
        assert line.text == "qwen"


async def test_going_back_finds_the_list_where_it_was_left() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        await pilot.press("j", "j", "slash", "ctrl+u", *"qwen", "enter")
        await settle(pilot)
        await pilot.press("left_square_bracket")
        await settle(pilot)
        assert app.search.results.cursor == 2


async def test_going_back_at_the_beginning_does_no_harm() -> None:
    app = shell()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("left_square_bracket", "right_square_bracket")
        await settle(pilot)
        assert "Try a search" in screen_text(pilot)


async def test_a_bookmark_is_kept_marked_and_taken_away() -> None:
    memory = FakeMemory()
    app = shell(fake_services(memory=memory))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("b")
        await settle(pilot)
        assert memory.marked == [CAMEMBERT]
        assert "★" in screen_text(pilot)
        await pilot.press("b")
        await settle(pilot)
        assert memory.marked == []
        assert "★" not in screen_text(pilot)


async def test_a_bookmark_that_cannot_be_written_is_said() -> None:
    app = shell(fake_services(memory=FakeMemory(error=LocalStateError("The disk is full.", hint="Make room."))))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("b")
        await settle(pilot)
        assert app.toasts == ["The disk is full. Make room."]


async def test_opened_models_are_remembered() -> None:
    memory = FakeMemory()
    app = shell(fake_services(memory=memory))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("enter", "j", "enter")
        await settle(pilot)
    assert [model for model, _ in memory.seen] == [TINY, CAMEMBERT]


async def test_a_model_that_is_not_there_is_not_remembered_as_opened() -> None:
    memory = FakeMemory()
    app = shell(fake_services(memory=memory))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "nobody/nothing")
        await settle(pilot)
    assert memory.seen == []


async def test_an_address_that_was_opened_leaves_no_complaint_in_the_search_line() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, f"http://huggingface.co/{CAMEMBERT}")
        await settle(pilot)
        assert "There is no key" not in screen_text(pilot)


async def test_the_copy_menu_sends_what_was_chosen_to_the_terminal() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("enter", "y")
        await settle(pilot)
        text = screen_text(pilot)
        assert "https://hub.test/almanach/camembert-base" in text
        assert "snippet" in text
        await pilot.press("j", "enter")
        await settle(pilot)
        assert app.clipboard == "https://hub.test/almanach/camembert-base"
        assert app.toasts == ["Sent to the terminal: address (40 characters)."]


async def test_an_output_too_long_for_the_clipboard_goes_into_a_file(tmp_path: object) -> None:
    app = shell()
    path = f"{tmp_path}/answer.txt"
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        app.main.post_message(CopyRequested("é" * 90_000, "output"))
        await settle(pilot)
        assert "Too long for the clipboard" in screen_text(pilot)
        app.screen.query_one(Input).value = path
        await pilot.press("enter")
        await settle(pilot)
        assert app.toasts == [f"Written to {path}."]
        app.main.post_message(CopyRequested("x" * 90_000, "output"))
        await settle(pilot)
        app.screen.query_one(Input).value = path
        await pilot.press("enter")
        await settle(pilot)
        assert "it exists already" in app.toasts[-1]


async def test_the_address_is_shown_and_copied() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("o")
        await settle(pilot)
        assert "https://hub.test/almanach/camembert-base" in screen_text(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.clipboard == "https://hub.test/almanach/camembert-base"


@pytest.mark.parametrize(("keys", "revision"), [(["down", "enter"], "v1.0"), ([*"refs/pr/1", "enter"], "refs/pr/1")])
async def test_another_revision_is_chosen_or_typed(keys: list[str], revision: str) -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("enter", "u")
        await settle(pilot)
        await pilot.press(*("slash" if key == "/" else key for key in keys))
        await settle(pilot)
        assert app.side.asked[-1] == f"open {CAMEMBERT} {revision}"


async def test_a_revision_that_cannot_be_one_is_refused_with_a_reason() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("u")
        await settle(pilot)
        await pilot.press(*"a..b", "enter")
        await settle(pilot)
        assert app.toasts == ["“a..b” cannot be a revision."]


async def test_quitting_asks_only_while_something_is_going_on() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("enter", "d")
        await settle(pilot)
        assert app.side.asked[-1] == "download"
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(app.screen, Picker)
        await pilot.press("enter")
        await settle(pilot)
        assert app.is_running
        await pilot.press("ctrl+x")
        await settle(pilot)
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 0


async def test_quitting_while_downloads_go_on_asks_and_says_that_they_can_be_resumed() -> None:
    queue = FakeQueue()
    app = shell(fake_services(queue=queue))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        facts = ModelFacts("a/one", commit="c" * 40)
        queue.add(facts, (FileEntry("w", 100),))
        await pilot.press("q")
        await settle(pilot)
        assert "A download is going on." in screen_text(pilot)
        assert "what has arrived is kept" in screen_text(pilot)
        assert "The next start offers to go on with it" in screen_text(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.is_running
        queue.pause(1)
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 0


async def test_keys_about_a_model_act_on_the_one_under_the_cursor_and_open_it_first() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("j", "d")
        await settle(pilot)
        assert f"open {TINY}" in app.side.asked
        assert app.side.asked[-1] == "download"
        await pilot.press("c")
        await settle(pilot)
        assert app.side.asked[-1] == f"pin {TINY}"


async def test_what_waited_for_a_model_that_never_came_is_not_done_with_the_next_one() -> None:
    hub = FakeHub()
    app = shell(fake_services(hub=hub))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        hub.error = HubUnreachableError("The Hub does not answer.")
        await pilot.press("d")
        await settle(pilot)
        hub.error = None
        await pilot.press("j", "enter")
        await settle(pilot)
        assert not any("download" in asked for asked in app.side.asked)


async def test_a_number_opens_that_tab_of_the_model_under_the_cursor() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("3")
        await settle(pilot)
        assert app.side.active_tab == 3
        assert app.sides.open_id == CAMEMBERT
        assert app.sides.shown == "model"
        await pilot.press("r")
        await settle(pilot)
        assert app.side.asked[-1] == "reload"


async def test_keys_about_a_model_say_so_when_there_is_none() -> None:
    app = shell(fake_services(hub=FakeHub(rows=())))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        for key in ("b", "y", "o", "u", "d", "ctrl+r", "3"):
            await pilot.press(key)
        await settle(pilot)
        assert len(app.toasts) >= 1
        assert all("Choose a model first" in toast for toast in app.toasts)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
async def test_a_target_model_is_open_at_the_start(size: tuple[int, int]) -> None:
    app = shell(target=parse_target("https://hub.test/almanach/camembert-base/tree/v1.0", lambda _: False))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert f"open {CAMEMBERT} v1.0" in screen_text(pilot)


async def test_a_target_file_opens_the_files_tab() -> None:
    app = shell(target=parse_target("https://hub.test/almanach/camembert-base/blob/main/config.json", lambda _: False))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert app.side.active_tab == 2


async def test_a_target_of_another_hub_is_opened_here_with_a_warning() -> None:
    settings = Settings(endpoint="https://hub.test")
    app = shell(fake_services(settings=settings), parse_target("https://elsewhere.test/a/b", lambda _: False))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "elsewhere.test" in app.toasts[0]


async def test_a_target_query_fills_the_search_line() -> None:
    app = shell(target=parse_target("task:fill-mask language:fr", lambda _: False))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert app.search.query_one(SearchLine).text == "task:fill-mask language:fr"
        assert len(app.ids) == 4
        assert app.focused is app.search.results


async def test_a_target_folder_opens_as_a_model() -> None:
    app = shell(target=parse_target("./outputs/checkpoint-500", lambda _: True))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "open ./outputs/checkpoint-500" in app.side.asked


async def test_sorting_keeps_the_filters() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "task:fill-mask")
        await pilot.press("s")
        await settle(pilot)
        await pilot.press("j", "enter")
        await settle(pilot)
        assert app.search.query_one(SearchLine).text == "task:fill-mask sort:downloads"


async def test_the_palette_finds_an_action_by_a_word_of_it_and_does_it() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("ctrl+p")
        await settle(pilot)
        await pilot.press(*"theme", "enter")
        await until(pilot, lambda: app.theme == "light")


async def test_help_names_the_keys_of_the_focused_pane_first() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("question_mark")
        await settle(pilot)
        assert "In the results" in screen_text(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen is app.main


async def test_a_key_of_the_config_file_replaces_the_built_in_one() -> None:
    settings = Settings(endpoint="https://hub.test", keys={"search": "ctrl+f", "serch": "x"})
    app = shell(fake_services(settings=settings))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "Did you mean search?" in app.toasts[0]
        assert "ctrl+f search" in screen_text(pilot)
        await pilot.press("slash")
        assert not isinstance(app.focused, Input)
        await pilot.press("ctrl+f")
        assert isinstance(app.focused, Input)


async def test_notices_of_strangers_words_are_no_markup() -> None:
    app = shell()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        app.main.post_message(Notice("[/foo] [@click=app.quit]press[/]", "warning"))
        await settle(pilot)
        assert "[/foo] [@click=app.quit]press[/]" in screen_text(pilot)


async def test_the_bottom_line_can_be_clicked() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        line = screen_text(pilot).split("\n")[-1]
        await pilot.click(offset=(line.index("help"), WIDE[1] - 1))
        await settle(pilot)
        assert isinstance(app.screen, HelpScreen)


async def test_the_top_line_says_where_hubtui_looks_and_how_many_calls_are_left() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "bert")
        top = screen_text(pilot).split("\n")[0]
        assert top.split() == ["hubtui", "demo", "Hub", "6", "shown", "·", "498/500", "calls", "left"]


@pytest.mark.parametrize(
    ("typed", "opened"),
    [
        (CAMEMBERT, f"open {CAMEMBERT}"),
        ("https://hub.test/almanach/camembert-base/tree/v1.0", f"open {CAMEMBERT} v1.0"),
        (".", "open ."),
    ],
)
async def test_an_id_an_address_or_a_folder_in_the_search_line_opens_what_it_names(typed: str, opened: str) -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("slash")
        app.search.query_one(Input).value = typed
        await pilot.press("enter")
        await settle(pilot)
        assert opened in app.side.asked


async def test_a_folder_that_does_not_exist_is_said() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("slash")
        app.search.query_one(Input).value = "./no/such/folder"
        await pilot.press("enter")
        await settle(pilot)
        assert "There is no folder ./no/such/folder." in app.toasts[0]


async def test_ctrl_q_quits_from_an_overlay_too() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        await pilot.press("ctrl+q")
        await pilot.pause()
    assert app.return_code == 0


async def test_keys_work_again_after_the_terminal_was_too_small_for_a_while() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "task:fill-mask")
        await pilot.resize_terminal(50, 15)
        await settle(pilot)
        assert app.focused is None
        await pilot.resize_terminal(*WIDE)
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)
        assert app.search.results.cursor == 1


async def test_no_result_leaves_no_keys_in_sight_that_need_one() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "qqq")
        bottom = screen_text(pilot).splitlines()[-1]
        assert "search" in bottom
        assert "download" not in bottom


async def test_keys_are_about_the_model_that_hubtui_was_started_on() -> None:
    app = shell(fake_services(memory=FakeMemory(seen=[(TINY, NOW)])), parse_target(CAMEMBERT, lambda _: False))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)
        assert app.sides.subject == CAMEMBERT
        assert f"open {TINY}" not in app.side.asked


async def test_beside_an_open_model_the_bottom_line_names_the_way_to_it() -> None:
    app = shell()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        assert "next pane" not in screen_text(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "tab next pane" in screen_text(pilot)


async def test_sentences_of_the_help_are_broken_not_cut_on_a_small_terminal() -> None:
    app = shell()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await find(pilot, "camembert")
        await pilot.press("question_mark")
        await settle(pilot)
        words = " ".join(line.strip(" │") for line in screen_text(pilot).splitlines())
        assert BY_ID["fold"].help in " ".join(words.split())
