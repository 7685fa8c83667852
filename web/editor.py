"""評価書の編集 (editor)."""

from fastapi import APIRouter

router = APIRouter()
