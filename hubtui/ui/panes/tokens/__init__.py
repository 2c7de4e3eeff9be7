"""The Tokens tab and its views, of which one is in sight."""
