"""The commands: one module each; they print, and know the services by their protocols."""
