"""A small day of an agent against a server.

    small_day.py morning SERVER FILE DAY_MS CODE    enrol, take the route, work without signal
    small_day.py evening SERVER FILE DAY_MS         send it, and see what became of it

FILE is the phone's; DAY_MS is an instant of the day of the route, in milliseconds since 1970 UTC.
"""

import asyncio
import secrets
import sys

import doorstep
from transport import UrllibTransport, now_ms

APP = "0.1.0"
HOUR = 3_600_000


def moment() -> doorstep.Moment:
    return doorstep.Moment(now_ms=now_ms(), random=secrets.token_bytes(16))


class Steps(doorstep.SyncListener):
    """Says how far an exchange has come."""

    def on_step(self, step: doorstep.SyncStep) -> None:
        print("  ", type(step).__name__.split(".")[-1].lower())


class Agent:
    """An agent with a phone in the pocket."""

    def __init__(self, server: str, file: str):
        self.transport = UrllibTransport(server)
        self.phone = doorstep.DoorstepPhone.open(file)

    async def sync(self) -> doorstep.SyncReport:
        print("sync")
        return await self.phone.sync(APP, now_ms(), self.transport, Steps())

    def show_state(self) -> None:
        state = self.phone.state()
        print(f"written {state.written}, acknowledged {state.acknowledged}")

    async def morning(self, day_ms: int, code: str) -> None:
        phone = self.phone
        secret = secrets.token_bytes(32)
        request = phone.enrolment_request(code, "Phone of the test", APP, secret)
        device = phone.enrol(await self.transport.send(request))
        print(f"device of {device.agent_ref}, amounts in {device.currency}")
        await self.sync()

        route = phone.today(day_ms)
        print(f"route of {route.date}, {len(route.stops)} stops")
        for stop in route.stops:
            answer = phone.may_visit_now(stop.case_id, stop.start_at_ms)
            print(f"   {stop.number}. {stop.facts.case_ref}:", "may" if answer.allowed else "no")
            night = phone.may_visit_now(stop.case_id, stop.start_at_ms + 12 * HOUR)
            assert not night.allowed and night.rules.reasons[0].rule == "hours", night

        first, second, *_ = route.stops
        self.at_the_door(route, first)
        visit = visited(route, second, doorstep.Met.NOBODY, doorstep.Disposition.NO_CONTACT)
        phone.log_visit(moment(), second.case_id, visit)
        again = phone.may_visit_now(first.case_id, first.leave_at_ms + HOUR)
        assert not again.allowed and again.rules.reasons[0].rule == "caps", again
        self.show_state()

    def at_the_door(self, route: doorstep.Route, stop: doorstep.Stop) -> None:
        phone, case = self.phone, stop.case_id
        promised = doorstep.Disposition.PROMISE_TO_PAY
        made = visited(route, stop, doorstep.Met.BORROWER, promised)
        visit = phone.log_visit(moment(), case, made)
        promise = doorstep.NewPromise(
            amount_minor=25_000,
            due_on="2031-12-01",
            state=doorstep.PromiseState.OPEN,
            visit=visit,
        )
        phone.promise(moment(), case, promise)
        payment = doorstep.NewPayment(
            amount_minor=12_345,
            method=doorstep.PaymentMethod.CASH,
            paid_at_ms=stop.start_at_ms,
            visit=visit,
        )
        receipt = phone.record_payment(moment(), case, payment)
        assert receipt.number == f"{phone.state().device.actor}-1", receipt
        phone.correct_contact(moment(), case, doorstep.ContactField.PHONE, "+1 302 555 0100")
        phone.edit_disposition(moment(), case, visit, doorstep.Disposition.PART_PAID, "paid some")

    async def evening(self, day_ms: int) -> None:
        phone = self.phone
        self.show_state()
        report = await self.sync()
        assert report.kept_aside == 0 and report.refused is None, report
        self.show_state()
        print("notices", [notice.code for notice in phone.kept_aside() + phone.flagged()])

        first = phone.today(day_ms).stops[0]
        view = phone.case_view(first.case_id)
        [visit], [payment], [promise] = view.visits, view.payments, view.promises
        assert visit.op == first.visit and not visit.pending, visit
        print(visit.disposition.name, payment.amount_minor, promise.said.value.due_on)

        # The office corrected the same number without knowing of ours.
        [conflict] = phone.conflicts()
        print(f"conflict: {conflict.shown.value.text} and {conflict.other.value.text}")
        print("written by", min(conflict.shown.op.actor, conflict.other.op.actor))
        lost = [conflict.other.op]
        phone.settle_conflict(moment(), conflict.case_id, lost, "asked at the door")
        assert phone.conflicts() == []
        await self.sync()
        assert phone.conflicts() == []
        self.show_state()


def visited(
    route: doorstep.Route,
    stop: doorstep.Stop,
    met: doorstep.Met,
    disposition: doorstep.Disposition,
) -> doorstep.NewVisit:
    """A visit as it was planned."""
    return doorstep.NewVisit(
        arrived_at_ms=stop.arrive_at_ms,
        left_at_ms=stop.leave_at_ms,
        met=met,
        disposition=disposition,
        place=stop.facts.place,
        accuracy_m=8,
        distance_m=0,
        plan_id=route.plan_id,
        stop=stop.number,
        travel_m=stop.leg_m,
        travel_s=stop.leg_s,
        note="Gate code \u2116 7",
    )


async def main(part: str, server: str, file: str, day_ms: str, *code: str) -> None:
    doorstep.uniffi_set_event_loop(asyncio.get_running_loop())
    agent = Agent(server, file)
    if part == "morning":
        await agent.morning(int(day_ms), *code)
    else:
        await agent.evening(int(day_ms))


asyncio.run(main(*sys.argv[1:]))
