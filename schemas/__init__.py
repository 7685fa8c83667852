"""スキーマ (schemas): THE DATA. Messages as pydantic models; the forms as JSON Schema files."""
