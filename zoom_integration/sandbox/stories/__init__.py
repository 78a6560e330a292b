"""What happens in the sandbox."""
