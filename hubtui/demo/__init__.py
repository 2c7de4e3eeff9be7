"""The demo Hub: a server that speaks the Hub's protocol, and the tiny models that it serves."""
