from pathlib import Path

import pytest

from settings import Settings, SettingsError, load_settings


def test_without_variables_everything_has_a_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.home == tmp_path / ".minaoshi"
    assert settings.temporal_address == "127.0.0.1:7233"
    assert settings.ui_origin == "http://127.0.0.1:8233"
    assert (settings.temporal_namespace, settings.task_queue) == ("default", "minaoshi")
    assert settings.register_url == f"sqlite:///{tmp_path}/.minaoshi/register.db"


def test_the_paths_lie_in_the_home_folder(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    paths = (
        settings.temporal_database_path,
        settings.temporal_log_path,
        settings.temporal_pid_path,
        settings.lock_path,
        settings.register_path,
        settings.keys_path,
        settings.signing_key_path,
        settings.public_keys_path,
    )
    assert len({path for path in paths if path.parent == tmp_path}) == len(paths)


def test_a_variable_comes_before_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINAOSHI_DATABASE_URL", "postgresql+psycopg://register")
    monkeypatch.setenv("MINAOSHI_TASK_QUEUE", "reviews")
    settings = load_settings()
    assert settings.register_url == "postgresql+psycopg://register"
    assert settings.task_queue == "reviews"


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINAOSHI_TEMPORAL_PORT", "")
    assert load_settings().temporal_port == 7233


@pytest.mark.parametrize(("value", "minutes"), [("", 15), ("5", 5), ("60", 60)])
def test_a_session_without_use_lasts_between_five_minutes_and_an_hour(
    monkeypatch: pytest.MonkeyPatch, value: str, minutes: int
) -> None:
    monkeypatch.setenv("MINAOSHI_IDLE_MINUTES", value)
    assert load_settings().idle_minutes == minutes


PORT_RANGE = "1 から 65535 までの整数を指定してください"


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        pytest.param("TEMPORAL_PORT", "七千", f"「七千」: {PORT_RANGE}", id="ポートが数でない"),
        pytest.param("TEMPORAL_PORT", "0", f"「0」: {PORT_RANGE}", id="ポートが小さすぎる"),
        pytest.param("TEMPORAL_UI_PORT", "65536", f"「65536」: {PORT_RANGE}", id="ポートが大きすぎる"),
        pytest.param(
            "IDLE_MINUTES", "4", "「4」: 5 から 60 までの整数を指定してください", id="席を離れる時間が短すぎる"
        ),
        pytest.param(
            "IDLE_MINUTES", "61", "「61」: 5 から 60 までの整数を指定してください", id="席を離れる時間が長すぎる"
        ),
        pytest.param("IDLE_MINUTES", "永遠", "「永遠」: 5 から 60 まで", id="席を離れる時間が数でない"),
        pytest.param("HOME", __file__, f"「{__file__}」: フォルダーではなく、ファイルです", id="フォルダーでない"),
        pytest.param("TRUSTED_PROXIES", "proxy", "「proxy」: ネットワークをコンマで区切って", id="ネットワークでない"),
        pytest.param(
            "DATABASE_URL", "mysql://u:hunter2@db", "で始まる URL を指定してください", id="知らないデータベース"
        ),
    ],
)
def test_a_wrong_value_is_named_in_japanese(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"MINAOSHI_{variable}", value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert f"MINAOSHI_{variable}（" in str(refused.value)
    assert says in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("port", [1, 65535])
def test_the_first_and_the_last_port_are_ports(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("MINAOSHI_TEMPORAL_PORT", str(port))
    assert load_settings().temporal_port == port


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINAOSHI_TEMPORAL_PORT", "x")
    monkeypatch.setenv("MINAOSHI_TEMPORAL_UI_PORT", "y")
    with pytest.raises(SettingsError, match=r"(?s)TEMPORAL_PORT.*TEMPORAL_UI_PORT"):
        load_settings()


def test_the_two_ports_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINAOSHI_TEMPORAL_UI_PORT", "7233")
    with pytest.raises(SettingsError, match="別々の番号を指定してください"):
        load_settings()


def test_a_password_in_the_database_url_is_not_shown() -> None:
    assert "hunter2" not in repr(Settings(database_url="postgresql+psycopg://u:hunter2@db/register"))


def test_a_password_in_the_mail_server_s_url_is_not_shown() -> None:
    settings = Settings(smtp_url="smtps://u:hunter2@mail.example.jp", mail_from="minaoshi@example.jp")
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("url", ["http://mail.example.jp", "smtp://", "smtp://u:hunter2@host:0", "smtp://[hunter2"])
def test_what_is_no_mail_server_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MINAOSHI_SMTP_URL", url)
    monkeypatch.setenv("MINAOSHI_MAIL_FROM", "minaoshi@example.jp")
    with pytest.raises(SettingsError, match="smtp:// か smtps://") as refused:
        load_settings()
    assert "hunter2" not in str(refused.value)


def test_a_mail_server_needs_a_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINAOSHI_SMTP_URL", "smtp://mail.example.jp")
    with pytest.raises(SettingsError, match="MINAOSHI_MAIL_FROM"):
        load_settings()
    monkeypatch.setenv("MINAOSHI_MAIL_FROM", "nobody")
    with pytest.raises(SettingsError, match="名前@ドメイン"):
        load_settings()


def test_the_console_needs_no_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINAOSHI_SMTP_URL", "console:")
    assert load_settings().smtp_url == "console:"


HOTLINE = {
    "HOTLINE_SMTP": "127.0.0.1:2525",
    "HOTLINE_DEPARTMENT": "privacy",
    "HOTLINE_PERSON": "team-lead",
    "HOTLINE_FROM": "10.0.0.0/8, ::1/128",
}


def test_the_hotline_is_set_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in HOTLINE.items():
        monkeypatch.setenv(f"MINAOSHI_{name}", value)
    monkeypatch.setenv("MINAOSHI_HOME", str(tmp_path))
    settings = load_settings()
    assert settings.hotline_address == ("127.0.0.1", 2525)
    assert [str(one) for one in settings.hotline_networks] == ["10.0.0.0/8", "::1/128"]
    assert settings.hotline_folder == tmp_path / "hotline"


def test_without_a_hotline_only_this_machine_could_connect_and_there_is_no_address() -> None:
    settings = Settings()
    assert [str(one) for one in settings.hotline_networks] == ["127.0.0.0/8", "::1/128"]
    with pytest.raises(ValueError, match="MINAOSHI_HOTLINE_SMTP"):
        _ = settings.hotline_address


@pytest.mark.parametrize("missing", ["HOTLINE_DEPARTMENT", "HOTLINE_PERSON"])
def test_a_hotline_needs_who_reports_and_for_which_department(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name, value in HOTLINE.items():
        monkeypatch.setenv(f"MINAOSHI_{name}", "" if name == missing else value)
    with pytest.raises(SettingsError, match=f"MINAOSHI_{missing}"):
        load_settings()


WRONG_HOTLINES = [
    pytest.param("HOTLINE_SMTP", "2525", "host:port", id="番地のないポート"),
    pytest.param("HOTLINE_SMTP", "127.0.0.1:0", "host:port", id="ポート0"),
    pytest.param("HOTLINE_SMTP", "127.0.0.1:65536", "host:port", id="大きすぎるポート"),
    pytest.param("HOTLINE_SMTP", "127.0.0.1:x", "host:port", id="数でないポート"),
    pytest.param("HOTLINE_FROM", "10.0.0.0/8,everywhere", "コンマで区切って", id="ネットワークでない"),
    pytest.param("HOTLINE_FROM", "10.0.0.1/8", "コンマで区切って", id="幅の合わないネットワーク"),
]


@pytest.mark.parametrize(("name", "value", "words"), WRONG_HOTLINES)
def test_a_wrong_hotline_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    for known, right in HOTLINE.items():
        monkeypatch.setenv(f"MINAOSHI_{known}", value if known == name else right)
    with pytest.raises(SettingsError, match=words) as refused:
        load_settings()
    assert f"MINAOSHI_{name}（" in str(refused.value)


@pytest.mark.parametrize("port", [1, 65535])
def test_an_address_of_the_sixth_version_is_taken(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    for name, value in HOTLINE.items():
        monkeypatch.setenv(f"MINAOSHI_{name}", value)
    monkeypatch.setenv("MINAOSHI_HOTLINE_SMTP", f"[::1]:{port}")
    assert load_settings().hotline_address == ("::1", port)


@pytest.mark.parametrize(
    ("public_url", "pages"),
    [
        pytest.param("", "http://127.0.0.1:8000", id="指定なし"),
        pytest.param("https://minaoshi.example.jp/", "https://minaoshi.example.jp", id="末尾の斜線"),
    ],
)
def test_mails_lead_to_the_address_of_the_pages(monkeypatch: pytest.MonkeyPatch, public_url: str, pages: str) -> None:
    monkeypatch.setenv("MINAOSHI_PUBLIC_URL", public_url)
    assert load_settings().pages_url == pages


@pytest.mark.parametrize("url", ["minaoshi.example.jp", "ftp://minaoshi.example.jp", "https://"])
def test_what_is_no_address_of_pages_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MINAOSHI_PUBLIC_URL", url)
    with pytest.raises(SettingsError, match="https:// か http:// で始まる URL"):
        load_settings()


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("", "http://127.0.0.1:8233"),
        ("https://Temporal.example.jp/ui/", "https://temporal.example.jp"),
        ("http://192.0.2.1:8080", "http://192.0.2.1:8080"),
    ],
)
def test_the_page_of_the_engine_is_known_by_its_origin(monkeypatch: pytest.MonkeyPatch, url: str, origin: str) -> None:
    monkeypatch.setenv("MINAOSHI_TEMPORAL_UI_URL", url)
    assert load_settings().ui_origin == origin


OIDC = {"OIDC_ISSUER": "https://login.example.jp", "OIDC_CLIENT_ID": "minaoshi"}
HUSH = "hush-hush"
OPEN = {"PUBLIC_URL": "https://pages.example.jp"}


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        pytest.param({"OIDC_ISSUER": "http://login.example.jp"}, "https:// で始まる URL を", id="平文の認証サーバー"),
        pytest.param(
            {"OIDC_ISSUER": "https://login.example.jp?a=b"}, "https:// で始まる URL を", id="問いの付いた番地"
        ),
        pytest.param({"OIDC_ISSUER": "https://[::1"}, "https:// で始まる URL を", id="読めない番地"),
        pytest.param({"OIDC_ISSUER": OIDC["OIDC_ISSUER"]}, "MINAOSHI_OIDC_CLIENT_ID", id="クライアントがない"),
        pytest.param({"OIDC_CLIENT_ID": "minaoshi"}, "MINAOSHI_OIDC_ISSUER", id="認証サーバーがない"),
        pytest.param({"OIDC_ROLES_CLAIM": "groups"}, "MINAOSHI_OIDC_ISSUER", id="役割だけ"),
        pytest.param({**OIDC, "PUBLIC_URL": "http://pages.example.jp"}, "MINAOSHI_PUBLIC_URL", id="平文のページ"),
        pytest.param({**OIDC, "WEB_ADDRESS": "0.0.0.0:8000"}, "MINAOSHI_PUBLIC_URL", id="ページのアドレスがない"),
        pytest.param({**OIDC, **OPEN, "OIDC_ROLES": "pii-team"}, "値=役割 を", id="対応の書き方"),
        pytest.param({**OIDC, **OPEN, "OIDC_ROLES": "pii-team=mayor"}, "team_member", id="知らない役割"),
        pytest.param({**OIDC, **OPEN, "OIDC_ROLES": "all=staff"}, "team_member", id="任命によらない役割"),
    ],
)
def test_a_provider_that_is_set_wrongly_is_refused(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], says: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"MINAOSHI_{name}", value)
    with pytest.raises(SettingsError, match=says):
        load_settings()


def test_a_provider_on_this_machine_needs_no_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**OIDC, "OIDC_ISSUER": "http://127.0.0.1:9400"}.items():
        monkeypatch.setenv(f"MINAOSHI_{name}", value)
    assert not load_settings().signs_in_locally


def test_the_client_s_secret_is_never_shown_and_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {**OIDC, **OPEN, "OIDC_CLIENT_SECRET": HUSH}.items():
        monkeypatch.setenv(f"MINAOSHI_{name}", value)
    settings = load_settings()
    assert HUSH not in repr(settings)
    assert settings.oidc_client_secret == HUSH
    monkeypatch.delenv("MINAOSHI_OIDC_CLIENT_SECRET")
    file = tmp_path / "secret"
    file.write_text(f"{HUSH[::-1]}\n", encoding="utf-8")
    monkeypatch.setenv("MINAOSHI_OIDC_CLIENT_SECRET_FILE", str(file))
    assert load_settings().oidc_client_secret == HUSH[::-1]
    monkeypatch.delenv("MINAOSHI_OIDC_ISSUER")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert HUSH[::-1] not in str(refused.value)


@pytest.mark.parametrize(
    ("secret", "is_taken"), [("[x//@", True), ("a://[b", True), ("Secret", False), ("minaoshi", False)]
)
def test_a_client_s_secret_is_no_address_and_not_one_that_everybody_knows(
    monkeypatch: pytest.MonkeyPatch, secret: str, *, is_taken: bool
) -> None:
    for name, value in {**OIDC, **OPEN, "OIDC_CLIENT_SECRET": secret}.items():
        monkeypatch.setenv(f"MINAOSHI_{name}", value)
    if is_taken:
        assert load_settings().oidc_client_secret == secret
    else:
        with pytest.raises(SettingsError, match=r"MINAOSHI_OIDC_CLIENT_SECRET.*誰でも知っている"):
            load_settings()


def test_the_meaning_of_a_role_is_read() -> None:
    settings = Settings(
        oidc_issuer=OIDC["OIDC_ISSUER"],
        oidc_client_id="minaoshi",
        public_url=OPEN["PUBLIC_URL"],
        oidc_roles="pii-team = team_member, a=b=auditor,",
    )
    assert settings.roles_by_value == {"pii-team": "team_member", "a=b": "auditor"}
