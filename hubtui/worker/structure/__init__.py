"""Models without weights: built from a config on torch's meta device, to be described."""
