"""署名により受け付けない理由の文 (refusal texts of signatures): what is told of an act that passed by the gateway."""

from __future__ import annotations

from types import MappingProxyType

from guideline.refusal_texts import Reason

_RULE = "本システムの定め（署名のある行為だけを受け付ける）"

SIGNATURE_REASONS = MappingProxyType(
    {
        "not_signed": Reason(
            "署名",
            "この行為には署名がありません。",
            "本システムの画面又はコマンドから行ってください。Temporal へ直に送られた行為は受け付けません。",
            _RULE,
        ),
        "unknown_signer": Reason(
            "署名",
            "署名鍵 {given} は、ワーカーが信頼する公開鍵にありません。",
            "本システムから行ったときは、ワーカーの公開鍵のファイルにその鍵があるかを確かめてください"
            "（`minaoshi keys list`）。",
            _RULE,
        ),
        "bad_signature": Reason(
            "署名",
            "署名鍵 {given} の署名が、この行為の内容と合いません。署名の後に内容が改められています。",
            "本システムの画面又はコマンドから、改めて行ってください。",
            _RULE,
        ),
    }
)
"""署名により受け付けない理由: by their codes."""
