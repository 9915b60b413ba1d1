"""The NTLM acceptor of Samba (gensec) over a directory that is provisioned into a temporary folder; no daemon runs.

Samba's objects are single-threaded and refer to each other: whatever made one is kept as long as it.
"""

import logging
import os

from samba import NTSTATUSError, auth, credentials, dsdb, gensec, param
from samba.auth import system_session
from samba.provision import provision
from samba.samdb import SamDB

DOMAIN = "CLINIC"


class Refused(Exception):
    """The login or a message was refused; `status` is the NTSTATUS."""

    def __init__(self, error):
        super().__init__(str(error))
        self.status = error.args[0] & 0xFFFFFFFF


class Host:
    """The directory with its accounts."""

    def __init__(self, folder, accounts):
        configuration = os.path.join(folder, "etc", "smb.conf")
        result = provision(
            logging.getLogger("provision"),
            system_session(),
            smbconf=configuration,
            targetdir=folder,
            realm="CLINIC.TEST",
            domain=DOMAIN,
            hostname="dc1",
            hostip="127.0.0.1",
            adminpass="Unused-1-" + os.urandom(8).hex(),
            serverrole="active directory domain controller",
            dns_backend="NONE",
            skip_sysvolacl=True,
            use_ntvfs=False,
            dom_for_fun_level=dsdb.DS_DOMAIN_FUNCTION_2008_R2,
        )
        self.lp = result.lp
        self.samdb = SamDB(session_info=system_session(), lp=self.lp, url=result.paths.samdb)
        self.machine = credentials.Credentials()
        self.machine.guess(self.lp)
        self.machine.set_machine_account(self.lp)
        self.auth = auth.AuthContext(lp_ctx=self.lp, ldb=self.samdb, methods=None)
        self.samdb.modify_ldif(
            f"dn: {self.samdb.domain_dn()}\nchangetype: modify\nreplace: lockoutThreshold\nlockoutThreshold: 3\n"
        )
        for account in accounts:
            self._add(**account)

    def _add(self, username, password, state):
        self.samdb.newuser(username, password)
        found = f"(sAMAccountName={username})"
        if state == "disabled":
            self.samdb.disable_account(found)
        elif state == "expired":
            self.samdb.setexpiry(found, -3600)
        elif state == "must-change":
            dn = self.samdb.search(expression=found)[0].dn
            self.samdb.modify_ldif(f"dn: {dn}\nchangetype: modify\nreplace: pwdLastSet\npwdLastSet: 0\n")

    def acceptor(self, channel_binding):
        return Acceptor(self)


class Acceptor:
    """One login and its session. This version of Samba does not look at channel bindings."""

    def __init__(self, host):
        self.host = host
        settings = {"lp_ctx": host.lp, "target_hostname": "dc1"}
        self.security = gensec.Security.start_server(settings=settings, auth_context=host.auth)
        self.security.set_credentials(host.machine)
        self.security.want_feature(gensec.FEATURE_SIGN)
        self.security.want_feature(gensec.FEATURE_SEAL)
        self.security.start_mech_by_name("ntlmssp")
        self.session = None

    def step(self, token):
        """The next token, and whether the login is complete."""
        try:
            done, answer = self.security.update(token)
            if done:
                self.session = self.security.session_info()
            return bytes(answer), done
        except NTSTATUSError as error:
            raise Refused(error) from error

    def wrap(self, plain):
        return bytes(self.security.wrap(plain))

    def unwrap(self, data):
        try:
            return bytes(self.security.unwrap(data))
        except NTSTATUSError as error:
            raise Refused(error) from error
