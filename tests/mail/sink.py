"""A mail server that keeps what it is given, and misbehaves on request."""
import asyncio
import threading

PHASES = ("mail", "data", "body", "dot", "taken")


class Sink:
    """answers: reply by phase instead of the usual one. hold: the phase at which it stops and waits
    for go(); "dot": it has the whole mail and says nothing, "taken": it has said 250."""

    def __init__(self):
        self.mails, self.envelopes, self.verbs = [], [], []
        self.answers, self.hold = {}, None
        self.reached = threading.Event()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._run, args=(ready,), daemon=True).start()
        ready.wait()

    def _run(self, ready):
        asyncio.set_event_loop(self._loop)
        self._go = asyncio.Event()
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20))
        self.port = self._server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def hold_at(self, phase):
        self.reached.clear()
        self.hold = phase

    def go(self):
        self.hold = None

        def release():
            self._go.set()
            self._go = asyncio.Event()
        self._loop.call_soon_threadsafe(release)

    async def _pass(self, phase):
        if self.hold == phase:
            self.reached.set()
            await self._go.wait()

    async def _say(self, writer, phase, usual):
        writer.write((self.answers.get(phase, usual) + "\r\n").encode())
        await writer.drain()
        return self.answers.get(phase, usual)[0] in "23"

    async def _serve(self, reader, writer):
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other end was killed
        finally:
            writer.close()

    async def _talk(self, reader, writer):
        envelope = [None, None]
        await self._say(writer, "greeting", "220 sink")
        while line := (await reader.readline()).decode():
            verb = line[:4].upper()
            self.verbs.append(verb)
            if verb == "MAIL":
                await self._pass("mail")
                envelope[0] = line.split("<")[1].split(">")[0]
                await self._say(writer, "mail", "250 ok")
            elif verb == "RCPT":
                envelope[1] = line.split("<")[1].split(">")[0]
                await self._say(writer, "rcpt", "250 ok")
            elif verb == "DATA":
                await self._pass("data")
                if await self._say(writer, "data", "354 go on"):
                    await self._take(reader, writer, tuple(envelope))
            else:
                await self._say(writer, verb, "221 bye" if verb == "QUIT" else "250 ok")

    async def _take(self, reader, writer, envelope):
        await self._pass("body")
        text = await reader.readuntil(b"\r\n.\r\n")
        if self.answers.get("dot", "2")[0] == "2":  # from here on it is delivered
            self.mails.append(text[:-3].replace(b"\r\n..", b"\r\n."))
            self.envelopes.append(envelope)
        await self._pass("dot")
        await self._say(writer, "dot", "250 taken")
        await self._pass("taken")
