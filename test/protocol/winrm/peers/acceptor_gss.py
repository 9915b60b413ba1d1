"""The NTLM acceptor of gss-ntlmssp; accounts are the lines of NTLM_USER_FILE."""

import gssapi
from gssapi.raw import ChannelBindings

NTLMSSP = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")


class Refused(Exception):
    """The login or a message was refused; this implementation tells no NTSTATUS."""

    status = 0


class Host:
    def __init__(self, folder, accounts):
        pass

    def acceptor(self, channel_binding):
        return Acceptor(channel_binding)


class Acceptor:
    """One login and its session."""

    def __init__(self, channel_binding):
        bindings = ChannelBindings(application_data=channel_binding) if channel_binding else None
        credentials = gssapi.Credentials(usage="accept", mechs=[NTLMSSP])
        self.context = gssapi.SecurityContext(creds=credentials, usage="accept", channel_bindings=bindings)

    def step(self, token):
        """The next token, and whether the login is complete."""
        try:
            answer = self.context.step(token)
            return answer or b"", self.context.complete
        except gssapi.exceptions.GSSError as error:
            raise Refused(str(error)) from error

    def wrap(self, plain):
        return self.context.wrap(plain, True).message

    def unwrap(self, data):
        try:
            result = self.context.unwrap(data)
        except gssapi.exceptions.GSSError as error:
            raise Refused(str(error)) from error
        if not result.encrypted:
            raise Refused("not encrypted")
        return result.message
