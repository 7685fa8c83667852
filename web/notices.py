"""知らせ (notices)."""

from fastapi import APIRouter

router = APIRouter()
