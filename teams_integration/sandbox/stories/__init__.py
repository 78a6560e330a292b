"""What happened, and what is to happen, in the sandbox's tenants. Each module tells one story."""
