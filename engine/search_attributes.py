"""検索属性 (Search attributes): names by which Temporal finds reviews, with their types. Never personal data."""

from collections.abc import Mapping
from types import MappingProxyType

SEARCH_ATTRIBUTES: Mapping[str, str] = MappingProxyType(
    {
        "MinaoshiBody": "Keyword",  # 評価実施機関
        "MinaoshiAssessment": "Keyword",  # 評価書
        "MinaoshiDepartment": "Keyword",  # 担当部署
        "MinaoshiStage": "Keyword",  # 段階
        "MinaoshiWaitsFor": "KeywordList",  # 誰の行為を待っているか
        "MinaoshiDue": "Datetime",  # 期限
        "MinaoshiGround": "KeywordList",  # 見直しのきっかけ
    }
)
