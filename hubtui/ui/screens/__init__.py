"""Screens: they lay panes out and route messages."""
