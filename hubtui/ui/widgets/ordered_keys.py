"""Text fields that obey keys in the order in which they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.widget import Widget as _Field
else:
    # Textual takes styles and bindings from the first base that is a widget: that is to be the field itself.
    _Field = object


class OrderedKeys(_Field):
    """A field that runs its own bindings where it reads its keys; stands before the field among the bases.

    Textual sends a bound key up to the app, so that of keys which arrive in one go (`ab`, backspace, `c` on a slow
    line) the letters after it would be typed before it is obeyed. A key that is read after the focus went elsewhere is
    handed on.
    """

    async def on_key(self, event: events.Key) -> None:
        """Obey a bound key at once; leave the others to the field."""
        bound = self._bindings.copy()
        bound.apply_keymap(self.app._keymap)  # noqa: SLF001 - as Textual's screen does
        for binding in bound.key_to_bindings.get(event.key, ()):
            if not binding.priority and await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
                return
        if self.screen.focused is not self:
            # It was sent here before a key that came with it gave the focus away.
            event.stop()
            event.prevent_default()
            self.app.post_message(events.Key(event.key, event.character))
