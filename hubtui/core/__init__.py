"""Facts and rules of hubtui: the standard library only, no I/O."""
