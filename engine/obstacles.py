"""接続の妨げ (Obstacles): what stands between us and a server, and what to do about it.

The SDK tells it in the words of its libraries, which name neither our variables nor, for a missing certificate, the
cause: a server that asks for one just hangs up.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from temporalio.envconfig import ClientConnectConfig
from temporalio.service import TLSConfig


class Obstacle(StrEnum):
    """接続の妨げ (obstacle)."""

    EMBEDDED_NOT_RUNNING = "embedded_not_running"
    NOT_ANSWERING = "not_answering"
    ISSUER_UNKNOWN = "issuer_unknown"
    NAME_DIFFERS = "name_differs"
    CERTIFICATE_EXPIRED = "certificate_expired"
    SERVER_WITHOUT_TLS = "server_without_tls"
    TLS_WANTED = "tls_wanted"
    CLIENT_CERTIFICATE_WANTED = "client_certificate_wanted"
    CLIENT_CERTIFICATE_BROKEN = "client_certificate_broken"
    CLIENT_CERTIFICATE_REFUSED = "client_certificate_refused"
    KEY_REFUSED = "key_refused"


REMEDIES: Mapping[Obstacle, str] = MappingProxyType(
    {
        Obstacle.EMBEDDED_NOT_RUNNING: (
            "`minaoshi up` で起動してください。ほかの場所で動いているときは、環境変数 TEMPORAL_ADDRESS で指定します"
        ),
        Obstacle.NOT_ANSWERING: (
            "サーバーの状態と、環境変数 TEMPORAL_ADDRESS または temporal.toml の指定を確かめてください"
        ),
        Obstacle.ISSUER_UNKNOWN: (
            "サーバーの証明書の発行者を確かめられません。"
            "認証局の証明書を環境変数 TEMPORAL_TLS_SERVER_CA_CERT_PATH で指定してください"
        ),
        Obstacle.NAME_DIFFERS: (
            "サーバーの証明書の名前が接続先と違います。接続先を確かめ、"
            "証明書にある名前を環境変数 TEMPORAL_TLS_SERVER_NAME で指定してください"
        ),
        Obstacle.CERTIFICATE_EXPIRED: (
            "サーバーの証明書が、いま有効な期間にありません。証明書と、この計算機の時計を確かめてください"
        ),
        Obstacle.SERVER_WITHOUT_TLS: (
            "サーバーは TLS を使っていません。接続先のポートと、環境変数 TEMPORAL_TLS の指定を確かめてください"
        ),
        Obstacle.TLS_WANTED: (
            "サーバーは接続を切りました。TLS が要るサーバーなら、環境変数 TEMPORAL_TLS=true を指定してください"
        ),
        Obstacle.CLIENT_CERTIFICATE_WANTED: (
            "サーバーは接続を切りました。クライアント証明書が要るサーバーなら、"
            "環境変数 TEMPORAL_TLS_CLIENT_CERT_PATH と TEMPORAL_TLS_CLIENT_KEY_PATH で指定してください"
        ),
        Obstacle.CLIENT_CERTIFICATE_BROKEN: (
            "クライアント証明書かその鍵を読み取れないか、二つが対になっていません。"
            "環境変数 TEMPORAL_TLS_CLIENT_CERT_PATH と TEMPORAL_TLS_CLIENT_KEY_PATH のファイル（PEM）を確かめてください"
        ),
        Obstacle.CLIENT_CERTIFICATE_REFUSED: (
            "サーバーは接続を切りました。環境変数 TEMPORAL_TLS_CLIENT_CERT_PATH が示すクライアント証明書の"
            "期間と発行者を確かめてください"
        ),
        Obstacle.KEY_REFUSED: "API キー（環境変数 TEMPORAL_API_KEY）と、名前空間の権限を確かめてください",
    }
)
"""すべきこと (remedies)."""

_BY_WORDS = (
    ("UnknownIssuer", Obstacle.ISSUER_UNKNOWN),
    ("NotValidForName", Obstacle.NAME_DIFFERS),
    ("Expired", Obstacle.CERTIFICATE_EXPIRED),
    ("NotValidYet", Obstacle.CERTIFICATE_EXPIRED),
    ("InvalidContentType", Obstacle.SERVER_WITHOUT_TLS),
    ("NoCertificatesPresented", Obstacle.CLIENT_CERTIFICATE_BROKEN),
    ("InvalidCertificate(BadEncoding", Obstacle.CLIENT_CERTIFICATE_BROKEN),
    ("PrivateKeyParseError", Obstacle.CLIENT_CERTIFICATE_BROKEN),
    ("InconsistentKeys", Obstacle.CLIENT_CERTIFICATE_BROKEN),
    ("Unauthenticated", Obstacle.KEY_REFUSED),
    ("PermissionDenied", Obstacle.KEY_REFUSED),
)
LASTING = frozenset(obstacle for _, obstacle in _BY_WORDS)
"""続く妨げ (lasting): waiting does not help, as it would with a server that is just being restarted."""

# Somebody accepted the connection and then dropped it; an alert of TLS comes too late for the SDK to tell it always.
_HUNG_UP = ("AlertReceived", "BrokenPipe", "ConnectionReset", "ConnectionAborted", "UnexpectedEof", "IncompleteMessage")
# A call that failed on the way, and not by an answer of the server.
_FAILED_ON_THE_WAY = ("call error after connection", "source: Some")


def obstacle_of(reason: str, target: ClientConnectConfig, *, external: bool) -> Obstacle:
    """Read the SDK's `reason` in the light of how it was asked to connect."""
    for words, obstacle in _BY_WORDS:
        if words in reason:
            return obstacle
    if not external:
        return Obstacle.EMBEDDED_NOT_RUNNING
    hung_up = any(words in reason for words in _HUNG_UP) or all(words in reason for words in _FAILED_ON_THE_WAY)
    return _hung_up(target) if hung_up else Obstacle.NOT_ANSWERING


def _hung_up(target: ClientConnectConfig) -> Obstacle:
    tls = target.get("tls")
    if isinstance(tls, TLSConfig) and tls.client_cert:
        return Obstacle.CLIENT_CERTIFICATE_REFUSED
    return Obstacle.CLIENT_CERTIFICATE_WANTED if tls else Obstacle.TLS_WANTED
