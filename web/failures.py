"""誤りの伝え方 (failures): each error in the reader's words, with the HTTP status that goes with it: one table."""

import re
from dataclasses import dataclass, field

from client.errors import (
    ActRefusedError,
    CallerError,
    InvalidDocumentError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    OutcomeNotKnownError,
    RegisterNotReadyError,
)
from client.refused import refusal_code
from client.register_away import RegisterAway
from client.sign_in_refused import ProviderNotReachableError, SignInRefusedError
from engine.errors import EngineError

STATUS: dict[type[Exception], int] = {
    NotPermittedError: 403,
    SignInRefusedError: 403,
    ProviderNotReachableError: 503,
    NotFoundError: 404,
    ActRefusedError: 409,
    InvalidInputError: 422,
    InvalidDocumentError: 422,
    OutcomeNotKnownError: 503,
    RegisterNotReadyError: 503,
    EngineError: 503,
    RegisterAway: 503,
}
"""誤りと HTTP の状態. Whatever is not here is a bug, and answered with 500."""


@dataclass(frozen=True)
class Failure:
    """誤りの伝え: what is wrong, what to do, every fault, and what is wrong at which field.

    With a `code` it is a refusal, which `web.refused` notes.
    """

    status: int
    message: str
    remedy: str
    faults: tuple[str, ...] = ()
    at: dict[str, str] = field(default_factory=dict)
    provision: str = ""
    instead: tuple[str, ...] = ()
    code: str = ""
    act: str = ""


PAGE_WORDS = {
    "minaoshi assessment history": "評価書のページ",
    "minaoshi assessment list": "「評価書」の一覧",
    "minaoshi audit export": "システムの担当者の端末",
    "minaoshi audit keys": "システムの担当者の端末",
    "minaoshi audit retention show": "システムの担当者の端末",
    "minaoshi audit verify": "システムの担当者の端末での証跡の検証",
    "minaoshi backup": "システムの担当者の端末でのバックアップ",
    "minaoshi breach draft": "「漏えい等報告書を作り、承認する」のページ",
    "minaoshi countermeasure list": "対応策の一覧",
    "minaoshi doctor": "システムの担当者の端末での診断",
    "minaoshi duty amend": "義務の「件名・担当者を改める」",
    "minaoshi duty hand-in": "義務の「完了を報告する」",
    "minaoshi duty list": "「義務」の一覧",
    "minaoshi duty postpone": "義務の「期限を延ばす」",
    "minaoshi event approve": "リスク事案の「漏えい等報告書を作り、承認する」",
    "minaoshi event close": "リスク事案の「終了する」のページ",
    "minaoshi event join": "リスク事案の「別の報告を、同じ事案として加える」",
    "minaoshi event knew": "リスク事案の「ほかの部署も知っていたことを加える」",
    "minaoshi event list": "「リスク事案」の一覧",
    "minaoshi event show": "リスク事案のページ",
    "minaoshi event update": "リスク事案の「分かった事実を加え、改める」",
    "minaoshi guidance approve": "指導のページの「報告書を承認する」",
    "minaoshi guidance list": "「指導と改善策」の一覧",
    "minaoshi guidance show": "指導のページ",
    "minaoshi inbox": "「受信箱」",
    "minaoshi keys list": "システムの担当者が登録した鍵",
    "minaoshi logs anomalies": "ログ分析のページ",
    "minaoshi logs systems": "「監査計画とログ分析」のページ",
    "minaoshi organisation apply organisation.toml": "システムの担当者の端末",
    "minaoshi plan show": "計画管理書のページ",
    "minaoshi privacy-audit plan": "「監査計画とログ分析」のページ",
    "minaoshi reconcile --write": "システムの担当者の端末での突き合わせ",
    "minaoshi register grants": "システムの担当者の端末での権限の書き出し",
    "minaoshi report end-of-business": "「報告する」のページ",
    "minaoshi report new-business": "「報告する」のページ",
    "minaoshi review list": "「見直し」の一覧",
    "minaoshi review return": "見直しの「差し戻す」のページ",
    "minaoshi review revise": "見直しのページの行為",
    "minaoshi review show": "見直しのページ",
    "minaoshi review submit": "見直しの「提出する」のページ",
    "minaoshi rule list": "「規程等」の一覧",
    "minaoshi schedule show": "「期限」のページ",
    "minaoshi sign-in": "サインインのページ",
    "--rendition full": "全ての項目を含む版面",
}
"""端末の語とページの語: what a sentence calls by a command in backticks, as a page calls it."""

_OPTIONS = {
    "案は --draft で書き出せます。": "",
    "評価の種類を --level で指定": "評価の種類を指定",
    "--evidence 名称=SHA256 で記して": "根拠資料として記して",
}
"""端末の指定とページの語: an option that a sentence names without backticks."""

_COMMAND = re.compile(r" ?`((?:minaoshi |--)[^`]+)` ?")
_NAMED = re.compile(r"(?P<name>[a-z][a-z0-9_.-]*)（(?P<title>.+?)）: (?P<what>.+)", re.DOTALL)
_ITEM_OF_A_LIST = re.compile(r"(?P<list>.+)\.[0-9]+")


def in_page_words(sentence: str) -> str:
    """Say what a sentence says without commands and options, which nobody has who reads a page."""
    for option, words in _OPTIONS.items():
        sentence = sentence.replace(option, words)
    return _COMMAND.sub(lambda found: PAGE_WORDS.get(found[1], "システムの担当者の端末"), sentence)


UNREACHABLE = "見直しを進める仕組みに、今つながりません。入力した内容は下に残っています。"


REGISTER_AWAY = "台帳に、今つながりません。受け付けられたかどうかは、まだ分かりません。"

SEND_AGAIN = "しばらくしてから、もう一度送ってください。二重に記録されることはありません。"


def failure_of(error: CallerError | EngineError | RegisterAway) -> Failure:
    """Give what is told of an error."""
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    if isinstance(error, (EngineError, RegisterAway)):
        return Failure(status, UNREACHABLE if isinstance(error, EngineError) else REGISTER_AWAY, SEND_AGAIN)
    data = error.as_data()
    return Failure(
        status,
        in_page_words(error.message),
        in_page_words(error.remedy),
        faults=tuple(_titled(one) for one in _strings(data.get("faults"))),
        at=_places(error),
        provision=str(data.get("provision") or ""),
        instead=tuple(in_page_words(one) for one in _strings(data.get("instead"))),
        code=refusal_code(error) or "",
        act=str(data.get("act") or ""),
    )


def _places(error: CallerError) -> dict[str, str]:
    """Say what is wrong at which field; that of an item of a form is called as its path in the document."""
    if isinstance(error, InvalidDocumentError):
        return {one.path.removeprefix("/").replace("/", "."): one.message for one in reversed(error.errors)}
    return _at_fields(error) if isinstance(error, InvalidInputError) else {}


def _at_fields(error: InvalidInputError) -> dict[str, str]:
    """Take what a rule says of a named field to that field too, and what is wrong with one of a list to the list."""
    at = dict(error.at)
    for fault in error.faults:
        if named := _NAMED.fullmatch(fault):
            at.setdefault(named["name"], named["what"])
    for place, what in tuple(at.items()):
        if item := _ITEM_OF_A_LIST.fullmatch(place):
            at.setdefault(item["list"], what)
    return {place: in_page_words(what) for place, what in at.items()}


def _titled(fault: str) -> str:
    """Call a field by its title alone: its name is the program's."""
    return in_page_words(_NAMED.sub(r"\g<title>: \g<what>", fault))


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
