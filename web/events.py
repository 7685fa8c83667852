"""リスク事案 (risk events)."""

from fastapi import APIRouter

router = APIRouter()
