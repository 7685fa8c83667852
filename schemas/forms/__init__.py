"""様式 (forms): the 様式 as JSON Schema files, and what reads, locates and validates by them."""
