"""組織と報告経路 (organisation)."""

from fastapi import APIRouter

router = APIRouter()
