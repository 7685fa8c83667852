"""自分の設定 (a person's settings)."""

from fastapi import APIRouter

router = APIRouter()
