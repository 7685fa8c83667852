"""混沌 (chaos): many people at work on a real installation that fails part by part; then it is judged."""
