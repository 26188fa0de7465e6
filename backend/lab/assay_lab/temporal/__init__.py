"""The BiLSTM on the embeddings of a person's faces."""
