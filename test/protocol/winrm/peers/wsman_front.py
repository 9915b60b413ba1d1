"""A small WS-Management front over somebody else's NTLM acceptor: HTTP, the encrypted frames, one shell protocol.

The first line of standard input is JSON: {"acceptor": "gss"|"samba", "folder", "accounts", "certificate", "key",
"binding"}; certificate and key are files, binding is hex of the channel that HTTPS logins are held against. One line of
JSON with the ports is printed, and one for each thing that was refused. It ends when standard input does. Everything
runs on one thread, as Samba asks.
"""

import asyncio
import base64
import json
import re
import ssl
import sys
import uuid
from xml.etree import ElementTree
from xml.sax.saxutils import escape

PROTOCOL = "application/HTTP-SPNEGO-session-encrypted"
CONTENT_TYPE = f'multipart/encrypted;protocol="{PROTOCOL}";boundary="Encrypted Boundary"'
SOAP = "application/soap+xml;charset=UTF-8"
NS = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "rsp": "http://schemas.microsoft.com/wbem/wsman/1/windows/shell",
}
SHELL = NS["rsp"]
DECLARED = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())


def say(value):
    print(json.dumps(value), flush=True)


def envelope(action, relates, body):
    return (
        f"<s:Envelope{DECLARED}><s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:{str(uuid.uuid4()).upper()}"
        f"</a:MessageID><a:RelatesTo>{escape(relates)}</a:RelatesTo></s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def fault(code, text):
    return envelope(
        "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault",
        "",
        f'<s:Fault><s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="{code}">'
        f"<f:Message>{escape(text)}</f:Message></f:WSManFault></s:Detail></s:Fault>",
    )


def frame(acceptor, plain):
    """MS-WSMV 2.2.9.1: the wrapped message is a signature of 16 bytes and the sealed bytes."""
    head = (
        f"--Encrypted Boundary\r\n\tContent-Type: {PROTOCOL}\r\n\tOriginalContent: type={SOAP};Length={len(plain)}\r\n"
        "--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
    )
    return head.encode() + (16).to_bytes(4, "little") + acceptor.wrap(plain) + b"--Encrypted Boundary--\r\n"


def unframe(acceptor, body):
    head = re.match(
        rb"--Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n"
        rb"\tOriginalContent: type=application/soap\+xml;charset=UTF-8;Length=(\d+)\r\n"
        rb"--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n",
        body,
    )
    if not head or body[head.end() : head.end() + 4] != (16).to_bytes(4, "little"):
        raise ValueError("not a frame")
    start = head.end() + 4
    end = start + 16 + int(head[1])
    if body[end:] != b"--Encrypted Boundary--\r\n":
        raise ValueError("not a frame")
    return acceptor.unwrap(body[start:end])


class Shells:
    """Shells with one command each: what came on standard input goes back as standard output."""

    def __init__(self):
        self.open = {}

    def answer(self, text):
        root = ElementTree.fromstring(text)
        action = root.findtext("s:Header/a:Action", "", NS)
        relates = root.findtext("s:Header/a:MessageID", "", NS)
        shell = root.findtext("s:Header/w:SelectorSet/w:Selector", "", NS)
        name = action.rsplit("/", 1)[-1].lower()
        return envelope(action + "Response", relates, getattr(self, "on_" + name)(shell, root))

    def on_create(self, _shell, _root):
        shell = str(uuid.uuid4()).upper()
        self.open[shell] = b""
        return f"<rsp:Shell><rsp:ShellId>{shell}</rsp:ShellId></rsp:Shell>"

    def on_command(self, shell, _root):
        self.open[shell] = b""
        return "<rsp:CommandResponse><rsp:CommandId>COMMAND-1</rsp:CommandId></rsp:CommandResponse>"

    def on_send(self, shell, root):
        self.open[shell] += base64.b64decode(root.findtext(".//rsp:Stream", "", NS))
        return "<rsp:SendResponse/>"

    def on_receive(self, shell, _root):
        part, self.open[shell] = self.open[shell][:100_000], self.open[shell][100_000:]
        data = base64.b64encode(part).decode()
        state = "Running" if self.open[shell] else "Done"
        code = "" if self.open[shell] else "<rsp:ExitCode>0</rsp:ExitCode>"
        return (
            f'<rsp:ReceiveResponse><rsp:Stream Name="stdout" CommandId="COMMAND-1">{data}</rsp:Stream>'
            f'<rsp:CommandState CommandId="COMMAND-1" State="{SHELL}/CommandState/{state}">{code}</rsp:CommandState>'
            "</rsp:ReceiveResponse>"
        )

    def on_signal(self, _shell, _root):
        return "<rsp:SignalResponse/>"

    def on_delete(self, shell, _root):
        del self.open[shell]
        return ""


class Front:
    def __init__(self, order):
        if order["acceptor"] == "samba":
            import acceptor_samba as peer
        else:
            import acceptor_gss as peer
        self.refused = peer.Refused
        self.host = peer.Host(order["folder"], order["accounts"])
        self.binding = bytes.fromhex(order["binding"])
        self.shells = Shells()

    async def serve(self, reader, writer):
        secure = writer.get_extra_info("ssl_object") is not None
        acceptor, ready = None, False
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                fields = dict(re.findall(r"^([\w-]+): (.*)\r$", head, re.M))
                body = await reader.readexactly(int(fields.get("Content-Length", "0")))
                scheme, _, token = fields.get("Authorization", "").partition(" ")
                if scheme == "Negotiate":
                    message = base64.b64decode(token)
                    if message[8] == 1:
                        acceptor, ready = self.host.acceptor(self.binding if secure else None), False
                    status, headers, reply, ready = self.login(acceptor, message)
                elif not ready:
                    status, headers, reply = 401, {"WWW-Authenticate": "Negotiate"}, b""
                else:
                    status, headers, reply = self.message(acceptor, fields.get("Content-Type", ""), body, secure)
                lines = {**headers, "Content-Length": str(len(reply))}
                text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
                writer.write(f"HTTP/1.1 {status} Answer\r\n{text}\r\n".encode() + reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def login(self, acceptor, message):
        try:
            answer, done = acceptor.step(message)
        except self.refused as error:
            say({"refused": "login", "status": error.status})
            # The number is told as a fault, so that the client's table is held against real ones.
            reply = fault(error.status, "refused") if error.status else b""
            return 401, {"WWW-Authenticate": "Negotiate", "Content-Type": SOAP}, reply, False
        if done:
            return 200, {}, b"", True
        return 401, {"WWW-Authenticate": "Negotiate " + base64.b64encode(answer).decode()}, b"", False

    def message(self, acceptor, content_type, body, secure):
        if secure and content_type == SOAP:
            return 200, {"Content-Type": SOAP}, self.shells.answer(body)
        try:
            plain = unframe(acceptor, body)
        except (ValueError, self.refused) as error:
            say({"refused": "message", "status": getattr(error, "status", 0)})
            return 400, {}, b""
        return 200, {"Content-Type": CONTENT_TYPE}, frame(acceptor, self.shells.answer(plain))


async def main():
    loop = asyncio.get_running_loop()
    order = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    front = Front(order)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(order["certificate"], order["key"])
    plain = await asyncio.start_server(front.serve, "127.0.0.1", 0)
    secure = await asyncio.start_server(front.serve, "127.0.0.1", 0, ssl=context)
    say({"http": plain.sockets[0].getsockname()[1], "https": secure.sockets[0].getsockname()[1]})
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        if line.strip() == "shells":
            say({"shells": len(front.shells.open)})


asyncio.run(main())
