"""メール (mail): a letter goes out by SMTP, with a Message-ID that is the same for each try."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

import aiosmtplib

from schemas.letters import Letter, NotSentError

TIMEOUT_S = 20.0
"""How long the mail server may take for each answer, in seconds."""

_FOR_GOOD = 500


class Mail:
    """メール (mail) by the server that `url` names: `smtp://` or `smtps://`, `[user:password@]host[:port]`.

    A password goes out by TLS only. Without one, TLS is used where the server offers it.
    """

    def __init__(self, url: str, *, sender: str) -> None:
        address = urlsplit(url)
        self._sender = sender
        self._host = address.hostname
        self._port = address.port
        self._username = unquote(address.username) if address.username else None
        self._password = unquote(address.password) if address.password else None
        self._use_tls = address.scheme == "smtps"
        self._start_tls = True if self._username and not self._use_tls else None

    async def send(self, letter: Letter) -> str | None:
        """Send the letter; give why it is refused for good, None when the server took it.

        Raises NotSentError for all that may be well at the next try.
        """
        try:
            message = message_of(letter, sender=self._sender)
        except (ValueError, IndexError, MessageError):
            return "宛先の形が正しくありません。"
        try:
            await aiosmtplib.send(
                message,
                # Without it a host of the address is taken for the envelope's.
                sender=self._sender,
                recipients=[letter.mail],
                hostname=self._host,
                port=self._port,
                username=self._username,
                password=self._password,
                use_tls=self._use_tls,
                start_tls=None if self._use_tls else self._start_tls,
                timeout=TIMEOUT_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refused(*error.recipients)
        except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as error:
            return _refused(error)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSentError(_what(error)) from None
        return None


def message_of(letter: Letter, *, sender: str) -> EmailMessage:
    """Write the message. Raises ValueError, IndexError or MessageError for an address that is none."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{letter.key}@{sender.rpartition('@')[2]}>"
    message["Date"] = letter.made_at
    message["From"] = Address("見直し", addr_spec=sender)
    message["To"] = Address(" ".join(letter.name.split()), addr_spec=letter.mail)
    message["Subject"] = letter.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body, cte="base64")
    return message


def _refused(error: aiosmtplib.SMTPResponseException) -> str:
    if error.code < _FOR_GOOD:
        raise NotSentError(_what(error)) from None
    # What the server said in signs that are no letters is not kept as text by any database.
    said = "".join(one if one.isprintable() else "\ufffd" for one in " ".join(error.message.split()))
    return f"メールサーバーが受け付けません（{error.code} {said}"[:190] + "）。"


def _what(error: Exception) -> str:
    code = f" {error.code}" if isinstance(error, aiosmtplib.SMTPResponseException) else ""
    return f"{type(error).__name__}{code}"
