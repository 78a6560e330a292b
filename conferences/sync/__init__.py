"""The engine: from a requested run to stored rows. It names no provider."""
