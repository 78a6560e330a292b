"""The pages. Each module answers one address, or one kind of answer."""
