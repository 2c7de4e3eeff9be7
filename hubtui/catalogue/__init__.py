"""The local catalogue: metadata of every model of the Hub, kept on this machine and searched with tantivy."""
