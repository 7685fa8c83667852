"""月ごとの期限 (deadlines)."""

from fastapi import APIRouter

router = APIRouter()
