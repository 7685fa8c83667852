"""エンジンの誤り (Engine errors): each carries one Japanese text that says what is wrong, where, and what to do."""

from pathlib import Path

from engine.obstacles import Obstacle


class EngineError(Exception):
    """エンジンの誤り (Engine error): the outermost handler prints it as it stands."""


class ServerMissingError(EngineError):
    """サーバーがない (No server): the `temporal` executable is not installed."""

    def __init__(self) -> None:
        super().__init__("Temporal サーバーの実行ファイルが見つかりません。`make setup` をやり直してください。")


class PortTakenError(EngineError):
    """ポートが使用中 (Port taken): somebody else listens where the embedded server is to listen."""

    def __init__(self, port: int, *, variable: str, owner: str | None) -> None:
        self.port = port
        self.variable = variable
        who = f"ほかのプログラム（{owner}）" if owner else "ほかのプログラム"
        super().__init__(
            f"ポート {port} は{who}が使っています。"
            f"そのプログラムを終えるか、環境変数 {variable} で別の番号を指定してください。"
        )


class PortRefusedError(EngineError):
    """ポートを開けない (Port refused): the operating system does not let us listen there."""

    def __init__(self, port: int, *, variable: str, reason: str) -> None:
        self.port = port
        self.variable = variable
        super().__init__(f"ポート {port} を開けません（{reason}）。環境変数 {variable} で別の番号を指定してください。")


class HomeInUseError(EngineError):
    """フォルダーが使用中 (Home in use): another living process runs the embedded server on the same folder."""

    def __init__(self, home: Path, *, owner: str | None) -> None:
        who = f"（PID {owner}）" if owner else ""
        super().__init__(
            f"{home} は、動いている別の minaoshi{who}が使っています。"
            "そちらを終えるか、環境変数 MINAOSHI_HOME で別のフォルダーを指定してください。"
        )


class ServerStartError(EngineError):
    """サーバーが起動しない (Server does not start): with the end of its log."""

    def __init__(self, reason: str, *, log: Path, tail: str) -> None:
        super().__init__(f"Temporal サーバーを起動できません。{reason}ログ: {log}" + (f"\n{tail}" if tail else ""))


class ConnectionSettingsError(EngineError):
    """接続の設定の誤り (Bad connection settings): Temporal's own variables or file are wrong."""

    def __init__(self, reason: str, *, in_english: str) -> None:
        self.reason = reason
        self.in_english = in_english
        super().__init__(f"Temporal への接続の設定に誤りがあります。{reason}")


class EngineNotReachableError(EngineError):
    """エンジンに届かない (Engine not reachable): nothing answers at the address."""

    def __init__(self, address: str, *, obstacle: Obstacle, remedy: str, reason: str) -> None:
        self.address = address
        self.obstacle = obstacle
        self.remedy = remedy
        self.reason = reason
        super().__init__(f"ワークフローエンジン（Temporal）に接続できません。接続先: {address}。{remedy}（{reason}）")


class KeysError(EngineError):
    """鍵の誤り (Keys can't be used): the file with the keys is missing, unreadable, or open to others."""

    def __init__(self, path: Path, *, reason: str) -> None:
        super().__init__(
            f"暗号鍵のファイルを使えません: {path}（{reason}）。"
            "控えから戻すか、環境変数 MINAOSHI_KEYS_FILE を確かめてください。鍵を失うと、進行中の見直しを読めません。"
        )


class SigningKeysError(EngineError):
    """署名鍵の誤り (Signing keys can't be used): the file is missing, unreadable, or open to others."""

    def __init__(self, path: Path, *, reason: str) -> None:
        super().__init__(
            f"署名鍵のファイルを使えません: {path}（{reason}）。"
            "控えから戻すか、環境変数 MINAOSHI_SIGNING_KEY_FILE と MINAOSHI_PUBLIC_KEYS_FILE を確かめてください。"
        )


class CheckpointKeysError(EngineError):
    """控えの鍵の誤り (Keys of checkpoints can't be used): the file is unreadable, or open to others."""

    def __init__(self, path: Path, *, reason: str) -> None:
        super().__init__(f"証跡の控えに署名する鍵のファイルを使えません: {path}（{reason}）。控えから戻してください。")


class QuestionRefusedError(EngineError):
    """問いに答えがない (Question refused): the server answers, but not this question."""

    def __init__(self, status: str, *, reason: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(f"Temporal が問いに答えません（{status}: {reason}）。名前空間と権限を確かめてください。")


class EngineCopyError(EngineError):
    """エンジンを写せない (Engine can't be copied): its database can't be read."""

    def __init__(self, database: Path, *, reason: str) -> None:
        super().__init__(f"エンジンのデータベースを写せません: {database}（{reason}）。")


class VersionRefusedError(EngineError):
    """版の変更ができない (Change of versions refused): the server does not give work to that version."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"ワーカーの版を変えられません（{reason}）。`minaoshi version status` で確かめてください。")
