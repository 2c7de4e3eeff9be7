"""This machine: folders, config file, remembered state, log, memory of its devices."""
