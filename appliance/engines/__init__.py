"""AI models, each behind a contract one method wide."""
