"""判断を試す (trying the rules)."""

from fastapi import APIRouter

router = APIRouter()
