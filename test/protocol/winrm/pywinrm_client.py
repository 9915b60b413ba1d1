"""Runs what it is told on standard input with pywinrm and prints the results, both as JSON."""

import base64
import json
import sys

from winrm import Session
from winrm.exceptions import InvalidCredentialsError


def run(order):
    session = Session(
        order["endpoint"],
        auth=(order["username"], order["password"]),
        transport=order["transport"],
        message_encryption=order["encryption"],
        server_cert_validation="ignore",
        operation_timeout_sec=1,
        read_timeout_sec=20,
    )
    for kind, text in order["commands"]:
        result = session.run_ps(text) if kind == "powershell" else session.run_cmd(text)
        error = result.std_err if isinstance(result.std_err, bytes) else result.std_err.encode()
        yield {
            "stdout": base64.b64encode(result.std_out).decode(),
            "stderr": base64.b64encode(error).decode(),
            "exitCode": result.status_code,
        }


try:
    print(json.dumps({"results": list(run(json.load(sys.stdin)))}))
except InvalidCredentialsError:
    print(json.dumps({"refused": True}))
