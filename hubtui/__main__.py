"""The `hubtui` command: reads the words, then imports only what they ask for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hubtui.core.errors import HubtuiError, OutputError, UsageError

if TYPE_CHECKING:
    import argparse

    from hubtui.core.settings import Settings
    from hubtui.core.target import Target

FAILED, BAD_ARGUMENTS, INTERRUPTED = 1, 2, 130
_BROKEN_PIPE = 141  # what a shell reports for a program whose reader went away


def main(argv: Sequence[str] | None = None) -> int:
    """Run hubtui and return its exit code: 0 done, 1 failed, 2 bad arguments, 130 interrupted."""
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        return _answer(words)
    except HubtuiError as error:
        return _complain(error, BAD_ARGUMENTS if isinstance(error, UsageError) else FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return _BROKEN_PIPE
    except Exception as error:  # noqa: BLE001  the last net: a user gets one sentence, the log gets the rest
        return _report_defect(error)


def _answer(words: list[str]) -> int:
    """Run the command, and see what it printed on its way; `--help` and `--version` leave by an exception."""
    try:
        code = _dispatch(words)
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0
    from hubtui.cli.output import flush  # noqa: PLC0415  not before the first frame

    flush()
    return code


def _forget_output() -> None:
    """Lead standard output nowhere: the interpreter flushes it once more when it ends, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _dispatch(words: list[str]) -> int:
    from hubtui.cli.arguments import parse  # noqa: PLC0415  argparse, wanted here only

    arguments = parse(words)
    if arguments.command == "demo":
        return _demo(arguments)
    settings = _settings(arguments)
    if arguments.command == "open":
        return _open(settings, arguments.target)
    return _command(arguments, settings)


def _settings(arguments: argparse.Namespace) -> Settings:
    from hubtui import bootstrap  # noqa: PLC0415  not for --help
    from hubtui.local.config import Overrides  # noqa: PLC0415  likewise

    names = ("endpoint", "offline", "cache_dir", "token_file", "config", "log_file")
    return bootstrap.settings_of(Overrides(**{name: getattr(arguments, name, None) for name in names}))


def _command(arguments: argparse.Namespace, settings: Settings) -> int:
    import importlib  # noqa: PLC0415  the interface needs none of this

    from hubtui.bootstrap import services_of  # noqa: PLC0415  likewise

    command = importlib.import_module(f"hubtui.cli.{arguments.command}")
    code: int = command.run(arguments, services_of(settings))
    return code


def _open(settings: Settings, target: str | None) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise HubtuiError("The interface needs a terminal.", hint="hubtui --help lists commands that print.")
    from hubtui.bootstrap import services_of  # noqa: PLC0415  commands that print need no interface
    from hubtui.ui.app import HubtuiApp  # noqa: PLC0415  likewise

    services = services_of(settings)
    app = HubtuiApp(services, _parsed(target))
    try:
        app.run()
    finally:
        services.queue().close()  # what has arrived of a download is kept, and the next start offers to go on
    return app.return_code or 0


def _parsed(target: str | None) -> Target | None:
    if target is None:
        return None
    from hubtui.core.target import parse_target  # noqa: PLC0415  the start page needs no target

    return parse_target(target, lambda path: Path(path).expanduser().is_dir())


def _demo(arguments: argparse.Namespace) -> int:
    if arguments.serve:
        from hubtui.demo.serve import main as serve  # noqa: PLC0415  imports a web server

        return serve(["--port", str(arguments.port), *(["--root", arguments.root] if arguments.root else [])])
    from hubtui.bootstrap import demo_settings  # noqa: PLC0415  not for --serve
    from hubtui.demo.child import DemoHubError, DemoHubProcess  # noqa: PLC0415  likewise
    from hubtui.demo.ratelimit import HUB_QUOTAS  # noqa: PLC0415  likewise

    settings = _settings(arguments)
    root = Path(arguments.root).expanduser() if arguments.root else None
    if root is not None and not root.is_dir():
        raise HubtuiError(f"There is no folder {root}.", hint="--root takes DIR of DIR/<namespace>/<name>/.")
    # The interface meets the quotas of the real Hub; only a bare demo Hub (--serve) is generous
    try:
        demo = DemoHubProcess(port=arguments.port, root=root, quotas=HUB_QUOTAS)
    except DemoHubError as error:
        raise HubtuiError(str(error), hint="Another --port may be free.") from error
    with demo:
        return _open(demo_settings(settings, demo.url), arguments.target)


def _complain(error: HubtuiError, code: int) -> int:
    from hubtui.cli.output import complain  # noqa: PLC0415  only when something went wrong

    if isinstance(error, OutputError):
        _forget_output()
    complain(error)
    return code


def _report_defect(error: Exception) -> int:
    import logging  # noqa: PLC0415  only when something went wrong

    logging.getLogger("hubtui").error("defect", exc_info=error)
    sys.stderr.write(
        f"hubtui: an error of hubtui's own ({type(error).__name__}). The log says where: hubtui doctor names it.\n"
    )
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
