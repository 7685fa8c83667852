"""見直し (reviews)."""

from fastapi import APIRouter

router = APIRouter()
