"""証跡 (audit trail)."""

from fastapi import APIRouter

router = APIRouter()
