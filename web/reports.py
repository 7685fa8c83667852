"""報告する (reporting)."""

from fastapi import APIRouter

router = APIRouter()
