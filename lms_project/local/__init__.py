"""What a bare machine lacks: a PostgreSQL and a broker of our own, for the demo and the tests. Never for production."""
