"""特定個人情報保護評価指針 (guideline): THE RULES. Pure Python: no I/O, no clock, no Temporal."""
