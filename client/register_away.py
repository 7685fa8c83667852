"""台帳が離れている (register away): by what pages and commands know that the database, not the program, has failed."""

from register.errors import RegisterAway

__all__ = ["RegisterAway"]
