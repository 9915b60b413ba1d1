"""An NTLM acceptor of gss-ntlmssp: one JSON order a line on standard input, one JSON answer a line on standard output.

{"binding": "<hex of the application data, or empty>"} begins, {"token": base64} takes a step of the login,
{"unwrap": base64} opens a sealed message, {"wrap": base64} seals one.
"""

import base64
import json
import sys

import gssapi
from gssapi.raw import ChannelBindings

NTLMSSP = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")


def answer(value):
    print(json.dumps(value), flush=True)


def begin(binding):
    bindings = ChannelBindings(application_data=bytes.fromhex(binding)) if binding else None
    credentials = gssapi.Credentials(usage="accept", mechs=[NTLMSSP])
    return gssapi.SecurityContext(creds=credentials, usage="accept", channel_bindings=bindings)


context = None
for line in sys.stdin:
    order = json.loads(line)
    try:
        if "binding" in order:
            context = begin(order["binding"])
            answer({})
        elif "token" in order:
            token = context.step(base64.b64decode(order["token"]))
            done = context.complete
            answer({
                "token": base64.b64encode(token or b"").decode(),
                "complete": done,
                "user": str(context.initiator_name) if done else "",
            })
        elif "unwrap" in order:
            result = context.unwrap(base64.b64decode(order["unwrap"]))
            answer({"data": base64.b64encode(result.message).decode(), "encrypted": result.encrypted})
        elif "wrap" in order:
            result = context.wrap(base64.b64decode(order["wrap"]), True)
            answer({"data": base64.b64encode(result.message).decode(), "encrypted": result.encrypted})
    except gssapi.exceptions.GSSError as error:
        answer({"error": str(error)})
