"""An SMTP server for tests, of the standard library alone. What it does is told by the recipient's address:

  later-N@   451 to the first N attempts at RCPT         full@      552 after the data
  never@     550 to RCPT                                 vanish-N@  takes the mail, breaks the connection N times
  slow@      answers the data after a second          cut-N@     breaks the connection N times before the data

usage: smtp_server.py PORTFILE MAILS [--tls CERT KEY] [--user NAME PASSWORD]
Each mail that it has taken is a line of MAILS: {"id": Message-ID, "to": …, "tls": bool, "user": …, "bytes": …}.
"""
import argparse, asyncio, base64, email, json, re, ssl

parser = argparse.ArgumentParser()
parser.add_argument("portfile")
parser.add_argument("mails")
parser.add_argument("--tls", nargs=2)
parser.add_argument("--user", nargs=2)
options = parser.parse_args()
context = None
if options.tls:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*options.tls)
seen = {}


def count(word, recipient):
    """Whether a recipient such as word-3@ is still to be met with trouble."""
    match = re.match(word + r"-(\d+)", recipient)
    if not match:
        return False
    seen[recipient] = seen.get(recipient, 0) + 1
    return seen[recipient] <= int(match[1])


def record(data, recipient, is_encrypted, user):
    message = email.message_from_bytes(data)
    with open(options.mails, "a") as file:
        line = {"id": message["Message-ID"], "to": recipient, "tls": is_encrypted, "user": user, "bytes": len(data),
                "text": data.decode("ascii")}
        file.write(json.dumps(line) + "\n")


async def session(reader, writer):
    is_encrypted, user, recipient = False, None, ""

    async def say(text):
        writer.write((text + "\r\n").encode())
        await writer.drain()

    await say("220 test ESMTP")
    while line := (await reader.readline()).decode("ascii", "replace").strip():
        verb = line.split(" ")[0].upper()
        if verb == "EHLO":
            lines = ["test", "8BITMIME"]
            if context and not is_encrypted:
                lines.append("STARTTLS")
            if options.user and (is_encrypted or not context):
                lines.append("AUTH PLAIN")
            for index, text in enumerate(lines):
                await say("250" + ("-" if index < len(lines) - 1 else " ") + text)
        elif verb == "STARTTLS" and context:
            await say("220 go on")
            await writer.start_tls(context)
            is_encrypted = True
        elif verb == "AUTH":
            words = line.split(" ")
            if len(words) < 3:
                await say("334 ")
                words.append((await reader.readline()).decode().strip())
            name, password = base64.b64decode(words[2]).decode().split("\0")[1:]
            if [name, password] == options.user:
                user = name
                await say("235 welcome")
            else:
                await say("535 5.7.8 wrong user or password")
        elif verb == "MAIL":
            await say("530 5.7.0 authentication required" if options.user and not user else "250 ok")
        elif verb == "RCPT":
            recipient = re.search("<(.*)>", line)[1]
            if count("later", recipient):
                await say("451 4.7.1 try again later")
            elif recipient.startswith("never"):
                await say("550 5.1.1 no such mailbox")
            else:
                await say("250 ok")
        elif verb == "DATA":
            if count("cut", recipient):
                writer.transport.abort()
                return
            await say("354 go on")
            data = b""
            while (part := await reader.readline()) not in (b".\r\n", b""):
                data += part[1:] if part.startswith(b".") else part
            if not part:
                return
            if recipient.startswith("slow"):
                await asyncio.sleep(1)
            if recipient.startswith("full"):
                await say("552 5.2.2 mailbox full")
                continue
            record(data, recipient, is_encrypted, user)
            if count("vanish", recipient):
                writer.transport.abort()
                return
            await say("250 taken")
        elif verb == "QUIT":
            await say("221 bye")
            break
        else:
            await say("250 ok" if verb in ("RSET", "NOOP") else "502 unknown")
    writer.close()


async def serve(reader, writer):
    try:
        await session(reader, writer)
    except (ConnectionError, ssl.SSLError, TimeoutError):
        pass


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    with open(options.portfile + ".tmp", "w") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    import os

    os.rename(options.portfile + ".tmp", options.portfile)
    await server.serve_forever()


asyncio.run(main())
