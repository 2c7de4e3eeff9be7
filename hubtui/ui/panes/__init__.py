"""Panes: they hold services, start workers and fill their widgets."""
