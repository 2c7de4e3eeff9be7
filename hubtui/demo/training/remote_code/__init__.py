"""The code that `atelier/word-bag-sentiment` carries, as it is trained and as it is published."""
