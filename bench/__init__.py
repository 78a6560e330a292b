"""Speed and memory, compared within one run on one machine: ratios count, seconds do not. `make bench` runs it."""
