"""The training text of the demo models: templates and grammars written for this project, one module a topic."""
