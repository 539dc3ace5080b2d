"""The chat: from one message to one answer that comes from the documents, or says it cannot."""
