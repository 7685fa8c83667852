"""組織 (organisation): bodies, departments, people, who holds which role, and the service levels of the clocks."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Identifier, Line, Message


class BodyKind(StrEnum):
    """評価実施機関の別 (kind of assessing body), 規則第2条第3号."""

    LOCAL_GOVERNMENT = "local_government"  # 地方公共団体等
    ADMINISTRATIVE_BODY = "administrative_body"  # 行政機関等（指針の意味）


class Role(StrEnum):
    """役割 (role) in which a person acts."""

    STAFF = "staff"  # 職員（報告のみ）
    DRAFTER = "drafter"  # 起案者
    PRIVACY_MANAGER = "privacy_manager"  # 保護管理者
    TEAM_MEMBER = "team_member"  # 個人情報保護担当（対策チーム）
    CHIEF_PRIVACY_OFFICER = "chief_privacy_officer"  # 総括保護管理者
    DIRECTOR_GENERAL = "director_general"  # 統括官
    AUDITOR = "auditor"  # 監査チーム
    ENGINE = "engine"  # 本システム（年次・法定の事由のみ）

    @property
    def label(self) -> str:
        """The role in Japanese."""
        return _ROLE_TITLES[self]


_ROLE_TITLES = {
    Role.STAFF: "職員",
    Role.DRAFTER: "起案者",
    Role.PRIVACY_MANAGER: "保護管理者",
    Role.TEAM_MEMBER: "対策チーム",
    Role.CHIEF_PRIVACY_OFFICER: "総括保護管理者",
    Role.DIRECTOR_GENERAL: "統括官",
    Role.AUDITOR: "監査チーム",
    Role.ENGINE: "本システム",
}

APPOINTED = frozenset(Role) - {Role.STAFF, Role.ENGINE}
"""任命される役割: the roles that somebody is appointed to; the others come by themselves."""

OF_A_DEPARTMENT = frozenset({Role.DRAFTER, Role.PRIVACY_MANAGER, Role.DIRECTOR_GENERAL})
"""部署ごとに置かれる役割: an appointment to one of these names its department, an appointment to another none."""


class Body(Message):
    """評価実施機関 (assessing body)."""

    id: Identifier = Field(title="機関の識別子")
    name: Line = Field(title="評価実施機関名")
    kind: BodyKind = Field(title="機関の別")


class Department(Message):
    """担当部署 (department)."""

    id: Identifier = Field(title="部署の識別子")
    body: Identifier = Field(title="評価実施機関")
    name: Line = Field(title="部署名")


MailAddress = Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,255}$")]
"""電子メールアドレス."""


class Person(Message):
    """職員 (person)."""

    id: Identifier = Field(title="職員の識別子")
    body: Identifier = Field(title="評価実施機関")
    department: Identifier = Field(title="所属部署")
    name: Line = Field(title="氏名")
    mail: MailAddress | None = Field(default=None, title="電子メールアドレス")


class Appointment(Message):
    """任命 (appointment): who holds a role, and in which order the others stand in for them."""

    role: Role = Field(title="役割")
    body: Identifier = Field(title="評価実施機関")
    department: Identifier | None = Field(default=None, title="部署（部署ごとの役割に限る）")
    persons: tuple[Identifier, ...] = Field(default=(), title="担当者", max_length=200)
    substitutes: tuple[Identifier, ...] = Field(default=(), title="代理の順", max_length=20)


class Address(Message):
    """宛先 (address): whom a mail reaches that is no person of the organisation: a mailing list, an office."""

    id: Identifier = Field(title="宛先の識別子")
    body: Identifier = Field(title="評価実施機関")
    title: Line = Field(title="宛先の名称")
    mail: MailAddress = Field(title="電子メールアドレス")


class ReportingLine(Message):
    """報告経路 (reporting line): whom a risk event is told at once, in this order; the addresses come after."""

    roles: tuple[Role, ...] = Field(
        default=(Role.CHIEF_PRIVACY_OFFICER, Role.DIRECTOR_GENERAL, Role.TEAM_MEMBER, Role.PRIVACY_MANAGER),
        max_length=20,
        title="直ちに知らせる役割（順に）",
    )


class ServiceLevels(Message):
    """処理期限 (service levels): how long each stage may take, in business days."""

    acknowledgement: int = Field(default=1, ge=1, le=60, title="受領確認（開庁日）")
    findings: int = Field(default=5, ge=1, le=60, title="両者の検討（開庁日）")
    resolution: int = Field(default=3, ge=1, le=60, title="総括保護管理者の決定（開庁日）")
    drafting: int = Field(default=10, ge=1, le=120, title="起案（開庁日）")
    approval: int = Field(default=5, ge=1, le=60, title="承認（開庁日）")
    escalation: int = Field(default=2, ge=1, le=60, title="督促から上位者への報告までの間（開庁日）")
    gate_lead_days: int = Field(default=30, ge=0, le=365, title="関門の予定日の何日前に知らせるか（暦日）")
    yearly_lead_days: int = Field(default=30, ge=0, le=180, title="年次の見直しを始める日（期日の何日前か・暦日）")
    five_years_lead_days: int = Field(
        default=180, ge=0, le=730, title="五年ごとの再実施を始める日（期日の何日前か・暦日）"
    )


class Organisation(Message):
    """組織表 (organisation): what `organisation.toml` holds."""

    bodies: tuple[Body, ...] = Field(min_length=1, max_length=20, title="評価実施機関")
    departments: tuple[Department, ...] = Field(min_length=1, max_length=2000, title="部署")
    people: tuple[Person, ...] = Field(min_length=1, max_length=20000, title="職員")
    appointments: tuple[Appointment, ...] = Field(min_length=1, max_length=5000, title="任命")
    service_levels: ServiceLevels = Field(default=ServiceLevels(), title="処理期限")
    reporting_line: ReportingLine = Field(default=ReportingLine(), title="リスク事案の報告経路")
    hotline: tuple[Address, ...] = Field(default=(), max_length=200, title="リスク事案ホットラインの宛先")
    ministers_office: tuple[Address, ...] = Field(default=(), max_length=20, title="政務の宛先")


class Actor(Message):
    """行為者 (actor): who acts, in which role, as the organisation stood at that moment. Filled in by `client`."""

    person: Identifier = Field(title="職員")
    role: Role = Field(title="役割")
    body: Identifier = Field(title="評価実施機関")
    department: Identifier = Field(title="部署")
    organisation_revision: int = Field(ge=0, title="組織表の版")
    alone_in_department: bool = Field(default=False, title="部署に他の承認者がいない")
    stands_in: bool = Field(default=False, title="代理として行う")
