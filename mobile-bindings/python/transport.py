"""The network of an app in Python: urllib on a thread, so that the event loop stays free."""

import asyncio
import time
import urllib.error
import urllib.request

import doorstep

LIMIT_S = 30


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like others: tokens go to one server only."""

    def redirect_request(self, *_args):
        return None


class UrllibTransport(doorstep.Transport):
    """Sends to the server below one address, as http://127.0.0.1:8080."""

    def __init__(self, base: str):
        self.base = base
        self.opener = urllib.request.build_opener(NoRedirects)

    async def send(self, request: doorstep.HttpRequest) -> doorstep.HttpAnswer:
        await asyncio.sleep(request.wait_s)
        try:
            return await asyncio.to_thread(self.send_now, request)
        except OSError as error:
            raise doorstep.AppError.Offline(str(error)) from error

    def send_now(self, request: doorstep.HttpRequest) -> doorstep.HttpAnswer:
        """Sends a request and waits for the answer, whatever its status."""
        body = request.body if request.method == "POST" else None
        asked = urllib.request.Request(self.base + request.path, data=body, method=request.method)
        if request.content_type is not None:
            asked.add_header("Content-Type", request.content_type)
        if request.authorization is not None:
            asked.add_header("Authorization", request.authorization)
        try:
            with self.opener.open(asked, timeout=LIMIT_S) as answer:
                status, received = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                status, received = error.code, error.read()
        return doorstep.HttpAnswer(status=status, body=received, at_ms=now_ms())


def now_ms() -> int:
    """The clock of this phone, in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000
