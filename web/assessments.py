"""評価書の台帳 (assessments)."""

from fastapi import APIRouter

router = APIRouter()
