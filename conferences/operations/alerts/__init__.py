"""Tells people what is wrong: rules are looked at, alerts open and end by themselves, messages go out."""
