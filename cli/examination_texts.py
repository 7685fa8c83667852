"""診断の文 (texts of `doctor`): what was seen and what to do, by check and finding, in both languages.

A finding that is well has no remedy.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from cli.examination_texts_of_workers import WORKERS, Finding
from cli.language import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


STATES: Mapping[str, Text] = MappingProxyType(
    {
        "good": Text("よい　", "good   "),
        "warning": Text("注意　", "warning"),
        "mend": Text("要対処", "MEND   "),
    }
)

CHECKS: Mapping[str, Text] = MappingProxyType(
    {
        "connection": Text("接続の設定", "Connection settings"),
        "executable": Text("Temporal の実行ファイル", "Temporal executable"),
        "server": Text("Temporal サーバー", "Temporal server"),
        "namespace": Text("名前空間", "Namespace"),
        "clock": Text("時計", "Clock"),
        "time_zone": Text("時間帯", "Time zone"),
        "search_attributes": Text("検索属性", "Search attributes"),
        "workers": Text("ワーカー", "Workers"),
        "versions": Text("ワーカーの版", "Versions of workers"),
        "schedule": Text("年次の予定", "Yearly schedule"),
        "duty_schedule": Text("義務の一巡の予定", "Schedule of the round over duties"),
        "checkpoint_schedule": Text("証跡の控えの予定", "Schedule of the trail's checkpoints"),
        "register": Text("台帳", "Register"),
        "migrations": Text("台帳の版", "Schema of the register"),
        "triggers": Text("書き加えるだけにする引き金", "Append-only triggers"),
        "grants": Text("データベースの権限", "Rights in the database"),
        "writing": Text("台帳への書き込み", "Writing to the register"),
        "audit": Text("証跡", "Audit trail"),
        "organisation": Text("組織表", "Organisation"),
        "notices": Text("知らせの配達", "Delivery of notices"),
        "hotline": Text("ホットラインのメール", "Mails to the hotline"),
    }
)

_START_UP = Text("`minaoshi up` を起動してください。", "Start `minaoshi up`.")
_RESTART_WORKER = Text(
    "`minaoshi up` か `minaoshi worker` を起動し直してください。始まるときに整えます。",
    "Start `minaoshi up` or `minaoshi worker` anew: it puts this right as it starts.",
)

REFUSED = Finding(
    Text("サーバーが答えません（{status}: {reason}）。", "The server does not answer this ({status}: {reason})."),
    Text(
        "名前空間と、接続に使う鍵や証明書の権限を確かめてください。",
        "Check the namespace, and what the key or certificate may do.",
    ),
)

_TRIGGER = "temporal schedule trigger --schedule-id {schedule}"


def _of_schedule(check: str, once: str) -> dict[str, Finding]:
    """予定: what is found of one, and the command that runs it once."""
    return {
        f"{check}.there": Finding(Text("有効、次は {next_at}", "Active, next {next_at}")),
        f"{check}.missing": Finding(Text("ありません。", "There is none."), _RESTART_WORKER),
        f"{check}.paused": Finding(
            Text("止められています（{note}）。", "It is paused ({note})."),
            Text(
                "`temporal schedule toggle --schedule-id {schedule} --unpause --reason 再開` で再開してください。",
                "Resume it: `temporal schedule toggle --schedule-id {schedule} --unpause --reason resumed`.",
            ),
        ),
        f"{check}.missed": Finding(
            Text(
                "始まるべき朝に始まっていません（最後は {last_at}、次は {next_at}）。",
                "It did not start when it should have (last {last_at}, next {next_at}).",
            ),
            Text(
                f"ワーカーを確かめてから、`{once}` で一巡させてください。",
                f"See to the worker, then run it once: `{once}`.",
            ),
        ),
    }


FINDINGS: Mapping[str, Finding] = MappingProxyType(
    {
        # --- 接続
        "connection.embedded": Finding(
            Text(
                "組み込みのサーバー {address}、名前空間 {namespace}", "Embedded server {address}, namespace {namespace}"
            )
        ),
        "connection.external": Finding(
            Text(
                "{address}、名前空間 {namespace}、TLS {tls}、クライアント証明書 {certificate}、API キー {key}",
                "{address}, namespace {namespace}, TLS {tls}, client certificate {certificate}, API key {key}",
            )
        ),
        "connection.wrong": Finding(
            Text("{reason}", "{reason}"),
            Text(
                "環境変数 TEMPORAL_… と temporal.toml を直してください（docs/operation.md）。",
                "Correct the variables TEMPORAL_* and temporal.toml (docs/operation.md).",
            ),
        ),
        "executable.found": Finding(Text("{path}", "{path}")),
        "executable.missing": Finding(
            Text("見つかりません。", "Not found."),
            Text("`make setup` をやり直してください。", "Run `make setup` again."),
        ),
        "server.reached": Finding(Text("応答あり、版 {version}", "Answers, version {version}")),
        "server.unreachable": Finding(
            Text("{address} に届きません（{reason}）。", "{address} can't be reached ({reason})."),
            Text("{remedy}。", "{remedy}"),
        ),
        # --- 時計
        "clock.right": Finding(Text("サーバーとの差 {seconds:+.1f} 秒", "{seconds:+.1f} s from the server's")),
        "clock.differs": Finding(
            Text("サーバーの時計が {seconds:+.1f} 秒ずれています。", "The server's clock differs by {seconds:+.1f} s."),
            Text(
                "両方の計算機の時刻合わせ（NTP）を確かめてください。",
                "See to the time synchronisation (NTP) of both machines.",
            ),
        ),
        "time_zone.there": Finding(Text("Asia/Tokyo あり", "Asia/Tokyo is known")),
        "time_zone.missing": Finding(
            Text("Asia/Tokyo がありません。", "Asia/Tokyo is not known."),
            Text("OS の時間帯データ（tzdata）を入れてください。", "Install the system's time zone data (tzdata)."),
        ),
        # --- 名前空間
        "namespace.kept": Finding(
            Text("終わった履歴の保持 {days:g} 日", "Closed histories are kept for {days:g} days")
        ),
        "namespace.short": Finding(
            Text(
                "終わった履歴の保持が {days:g} 日で、{least:g} 日より短い設定です。",
                "Closed histories are kept for {days:g} days, less than {least:g}.",
            ),
            Text(
                "`temporal operator namespace update --namespace {namespace} --retention {least:g}d` "
                "で延ばしてください。",
                "Lengthen it: `temporal operator namespace update --namespace {namespace} --retention {least:g}d`.",
            ),
        ),
        "namespace.missing": Finding(
            Text("名前空間 {namespace} がありません。", "There is no namespace {namespace}."),
            Text(
                "環境変数 TEMPORAL_NAMESPACE を直すか、`temporal operator namespace create --namespace {namespace}` "
                "で作ってください。",
                "Correct TEMPORAL_NAMESPACE, or create it: "
                "`temporal operator namespace create --namespace {namespace}`.",
            ),
        ),
        "search_attributes.there": Finding(Text("揃っています", "All there")),
        "search_attributes.missing": Finding(
            Text("{names} がないか、型が違います。", "{names}: missing, or of another type."),
            Text("{command} で加えてください。", "Add them: {command}."),
        ),
        **WORKERS,
        **_of_schedule("schedule", "minaoshi schedule trigger"),
        **_of_schedule("duty_schedule", _TRIGGER),
        **_of_schedule("checkpoint_schedule", _TRIGGER),
        # --- 台帳
        "register.there": Finding(Text("読めます", "Readable")),
        "register.missing": Finding(Text("まだありません。", "There is none yet."), _START_UP),
        "register.unreadable": Finding(
            Text("読めません（{reason}）。", "It can't be read ({reason})."),
            Text(
                "データベースと、環境変数 MINAOSHI_DATABASE_URL（又は {home}）を確かめてください。",
                "Check the database, and MINAOSHI_DATABASE_URL (or {home}).",
            ),
        ),
        "migrations.current": Finding(Text("{revision}（最新）", "{revision} (newest)")),
        "migrations.behind": Finding(
            Text("{revision} で、このプログラムより古い版です。", "{revision}, older than this program."),
            _RESTART_WORKER,
        ),
        "migrations.ahead": Finding(
            Text("{revision} で、このプログラムより新しい版です。", "{revision}, newer than this program."),
            Text("このプログラムを更新してください。", "Update this program."),
        ),
        "triggers.there": Finding(Text("揃っています", "All there")),
        "triggers.missing": Finding(
            Text("欠けているか、違っています。", "Some are missing or different."), _RESTART_WORKER
        ),
        "grants.right": Finding(
            Text("書き加えるだけの表を、変えられません", "What only grows can't be changed by this role")
        ),
        "grants.too_much": Finding(
            Text(
                "このロールは、書き加えるだけの表のうち {number} を変えられます。",
                "This role can change {number} of the tables that are only to grow.",
            ),
            Text(
                "表を持つロールと、使うロールを分けてください（docs/operation.md の PostgreSQL）。"
                "`minaoshi register grants --role ロール` の文を、表を持つロールで実行します。",
                "Let one role own the tables and another use them (PostgreSQL in docs/operation.md): "
                "as the owner, run what `minaoshi register grants --role ROLE` prints.",
            ),
        ),
        "grants.too_little": Finding(
            Text("このロールに要る権限が足りません（{tables}）。", "This role lacks rights ({tables})."),
            Text(
                "`minaoshi register grants --role ロール` の文を、表を持つロールで実行してください。",
                "As the owner of the tables, run what `minaoshi register grants --role ROLE` prints.",
            ),
        ),
        "writing.works": Finding(Text("書けます（試して取り消しました）", "Works (tried and rolled back)")),
        "writing.fails": Finding(
            Text("書けません（{reason}）。", "It can't be written ({reason})."),
            Text(
                "フォルダー {home} の権限と空き、又はデータベースの権限を確かめ、"
                "書き込みを続けているほかのプログラムがあれば終えてください。",
                "Check the permissions and space of {home}, or the database's permissions, "
                "and end whatever else keeps writing to it.",
            ),
        ),
        "audit.right": Finding(Text("{entries} 件、先頭 {head}", "{entries} entries, head {head}")),
        "audit.wrong": Finding(
            Text(
                "{problems} か所が合いません（{entries} 件）。", "{problems} places do not agree ({entries} entries)."
            ),
            Text(
                "`minaoshi audit verify` で問題を確かめ、控えから戻してください。",
                "See what is wrong with `minaoshi audit verify`, and restore a backup.",
            ),
        ),
        "organisation.there": Finding(Text("第 {revision} 版", "Revision {revision}")),
        "organisation.missing": Finding(
            Text("まだありません。", "There is none yet."),
            Text(
                "`minaoshi organisation apply organisation.toml` で登録してください。",
                "Enter it with `minaoshi organisation apply organisation.toml`.",
            ),
        ),
        "notices.delivered": Finding(Text("滞っているものはありません", "None is late")),
        "notices.failed": Finding(
            Text("届けられなかった知らせが {number} 件あります。", "{number} notices could not be delivered."),
            Text(
                "対策チームの受信箱（`minaoshi inbox`）に理由があります。",
                "The reasons are in the inbox of the countermeasure team (`minaoshi inbox`).",
            ),
        ),
        "hotline.taken": Finding(Text("滞っているものはありません", "None is late")),
        "hotline.waiting": Finding(
            Text(
                "事案になっていないメールが {number} 通あります（{folder}）。",
                "{number} mails are no events yet ({folder}).",
            ),
            Text(
                "`minaoshi hotline` の記録と、MINAOSHI_HOTLINE_PERSON が組織表にあることを確かめてください。",
                "Check the log of `minaoshi hotline`, and that the organisation has MINAOSHI_HOTLINE_PERSON.",
            ),
        ),
        "notices.late": Finding(
            Text(
                "1時間を超えて届けられていない知らせが {number} 件あります。",
                "{number} notices have waited for more than an hour.",
            ),
            Text(
                "メールの設定と、ワーカーの記録を確かめてください。",
                "Check the mail settings, and the worker's log.",
            ),
        ),
    }
)

OBSTACLES_IN_ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "embedded_not_running": "Start `minaoshi up`. If the server runs elsewhere, say where in TEMPORAL_ADDRESS.",
        "not_answering": "Check the server, and the address in TEMPORAL_ADDRESS or temporal.toml.",
        "issuer_unknown": (
            "The issuer of the server's certificate is not known: name the authority's certificate in "
            "TEMPORAL_TLS_SERVER_CA_CERT_PATH."
        ),
        "name_differs": (
            "The server's certificate bears another name: check the address, and give the certificate's name in "
            "TEMPORAL_TLS_SERVER_NAME."
        ),
        "certificate_expired": "The server's certificate is not valid now: check it, and this machine's clock.",
        "server_without_tls": "The server does not speak TLS: check the port, and TEMPORAL_TLS.",
        "tls_wanted": "The server hung up: if it wants TLS, set TEMPORAL_TLS=true.",
        "client_certificate_wanted": (
            "The server hung up: if it wants a client certificate, name it in TEMPORAL_TLS_CLIENT_CERT_PATH and its "
            "key in TEMPORAL_TLS_CLIENT_KEY_PATH."
        ),
        "client_certificate_broken": (
            "The client certificate or its key can't be read, or they are no pair: check the files (PEM) in "
            "TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH."
        ),
        "client_certificate_refused": (
            "The server hung up: check the dates and the issuer of the client certificate in "
            "TEMPORAL_TLS_CLIENT_CERT_PATH."
        ),
        "key_refused": "Check the API key (TEMPORAL_API_KEY) and what it may do in the namespace.",
    }
)
"""接続の妨げの英文: the Japanese stands beside `engine.obstacles.Obstacle`."""
