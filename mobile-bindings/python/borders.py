"""What crosses the border between Python and the library when something goes wrong."""

import asyncio
import json
import pathlib
import sys
import threading

import doorstep

NOON = 1_795_453_200_000  # Monday 23 November 2026, 12:00 in New York, in ms
ENROLLED = {
    "organisation": "0191d7a0-0000-7000-8000-000000000001",
    "actor": 17,
    "agent_ref": "A-1",
    "epoch": 1,
    "currency": "USD",
    "exponent": 2,
    "server_time_ms": NOON,
}


class Answers(doorstep.Transport):
    """Does what it is told instead of sending anything."""

    def __init__(self, answer):
        self.answer = answer

    async def send(self, request):
        return await self.answer(request)


async def no_signal(_request):
    raise doorstep.AppError.Offline("no signal")


async def mistake(_request):
    return {}["the app has a fault"]


async def busy(_request):
    body = json.dumps({"code": "busy", "detail": "later"}).encode()
    return doorstep.HttpAnswer(status=503, body=body, at_ms=NOON)


async def nonsense(_request):
    return doorstep.HttpAnswer(status=200, body=b"<html>", at_ms=NOON)


class Waiting:
    """An answer that never comes."""

    def __init__(self):
        self.asked = asyncio.Event()
        self.given_up = asyncio.Event()

    async def __call__(self, _request):
        self.asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.given_up.set()


def enrolled(path: pathlib.Path) -> doorstep.DoorstepPhone:
    phone = doorstep.DoorstepPhone.open(str(path))
    assert phone.state().device is None
    request = phone.enrolment_request("K7QF-22XD", "phone", "1.0.0", bytes(range(32)))
    asked = json.loads(request.body)
    assert asked["code"] == "K7QF-22XD" and len(asked["proof"]) == 128, asked
    answer = doorstep.HttpAnswer(status=200, body=json.dumps(ENROLLED).encode(), at_ms=NOON)
    assert phone.enrol(answer).actor == 17
    return phone


async def failure(phone: doorstep.DoorstepPhone, answer) -> doorstep.PhoneError:
    try:
        await phone.sync("1.0.0", NOON, Answers(answer), None)
    except doorstep.PhoneError as error:
        return error
    raise AssertionError("it should have failed")


async def main() -> None:
    doorstep.uniffi_set_event_loop(asyncio.get_running_loop())
    phone = enrolled(pathlib.Path(sys.argv[1]))

    error = await failure(phone, no_signal)
    print(type(error).__name__, error.detail)
    error = await failure(phone, mistake)
    print(type(error).__name__, error.detail)
    error = await failure(phone, busy)
    print(type(error).__name__, error.status, error.code, error.detail)
    error = await failure(phone, nonsense)
    print(type(error).__name__, error.reason.name)

    # Whoever awaits the exchange is cancelled: so is the request under way.
    waiting = Waiting()
    task = asyncio.create_task(phone.sync("1.0.0", NOON, Answers(waiting), None))
    await waiting.asked.wait()
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        await waiting.given_up.wait()
        print("cancelled by its task")

    # The exchange is cancelled from another thread.
    waiting = Waiting()
    session = phone.begin_sync("1.0.0")
    task = asyncio.create_task(session.run(NOON, Answers(waiting), None))
    await waiting.asked.wait()
    thread = threading.Thread(target=session.cancel)
    thread.start()
    try:
        await task
    except doorstep.PhoneError.Cancelled:
        await waiting.given_up.wait()
        print("cancelled by a thread")
    thread.join()

    phone.wipe()
    print("wiped", phone.state().device)


asyncio.run(main())
