//! The phone as an app uses it, against a server in memory.

mod server;

use std::future::{Future, pending};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tempfile::TempDir;

use self::server::{Fault, NINE, Server, case, plan};
use crate::{
    AppError, ContactField, Disposition, DoorstepPhone, HttpAnswer, HttpRequest, Met, Moment,
    NewPayment, NewPromise, NewVisit, PaymentMethod, PhoneError, PromiseState, StorageReason,
    SyncListener, SyncReport, SyncStep, Transport, Value,
};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Polls on this thread and no other, as an app's dispatcher does.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return done;
        }
        thread::park();
    }
}

struct Pocket {
    phone: Arc<DoorstepPhone>,
    server: Arc<Server>,
    dir: TempDir,
}

impl Pocket {
    fn enrolled() -> Self {
        let dir = TempDir::with_prefix("doorstep-phone-").unwrap();
        let path = dir.path().join("phone.sqlite");
        let phone = DoorstepPhone::open(path.to_str().unwrap()).unwrap();
        let server = Server::new();
        let request = phone.enrolment_request("K7QF-22XD", "phone", "1.0.0", vec![3; 32]).unwrap();
        let device = phone.enrol(&server.answer(&request).unwrap()).unwrap();
        assert_eq!((device.actor, device.agent_ref.as_str(), device.exponent), (17, "A-1", 2));
        assert_eq!(server.seen(), ["POST enrol 0"]);
        Self { phone, server, dir }
    }

    fn sync(&self) -> Result<SyncReport, PhoneError> {
        let transport = Arc::<Server>::clone(&self.server);
        block_on(Arc::clone(&self.phone).sync("1.0.0".to_owned(), NINE, transport, None))
    }

    fn visit(&self) -> Result<crate::OpName, PhoneError> {
        self.phone.log_visit(moment(1), &case().to_string(), visit())
    }
}

fn moment(minutes: i64) -> Moment {
    Moment { now_ms: NINE + minutes * 60_000, random: vec![7; 16] }
}

fn visit() -> NewVisit {
    NewVisit {
        arrived_at_ms: NINE,
        left_at_ms: NINE + 60_000,
        met: Met::Borrower,
        disposition: Disposition::PromiseToPay,
        place: None,
        accuracy_m: None,
        distance_m: None,
        mock_location: false,
        plan_id: Some(plan().to_string()),
        stop: Some(1),
        travel_m: None,
        travel_s: None,
        evidence: vec![vec![9; 32]],
        note: Some("says Friday".to_owned()),
    }
}

/// What a listener heard; fails from some step on.
#[derive(Debug)]
struct Heard(Mutex<Vec<SyncStep>>, usize);

impl SyncListener for Heard {
    fn on_step(&self, step: SyncStep) -> Result<(), AppError> {
        let mut heard = self.0.lock().unwrap();
        heard.push(step);
        if heard.len() < self.1 {
            return Ok(());
        }
        Err(AppError::Failed { detail: "enough".to_owned() })
    }
}

#[test]
fn what_is_written_at_the_door_is_seen_and_sent() {
    let pocket = Pocket::enrolled();
    pocket.sync().unwrap();
    let (phone, case) = (&pocket.phone, case().to_string());
    let route = phone.today(NINE).unwrap().unwrap();
    assert_eq!((route.date.as_str(), route.stops.len()), ("2026-11-23", 1));
    assert_eq!(phone.route("2026-11-24").unwrap(), None);
    assert!(phone.may_visit_now(&case, NINE).unwrap().allowed);

    let visit = pocket.visit().unwrap();
    let payment = NewPayment {
        amount_minor: 5_000,
        method: PaymentMethod::Cash,
        paid_at_ms: NINE,
        visit: Some(visit),
    };
    let receipt = phone.record_payment(moment(2), &case, payment.clone()).unwrap();
    assert_eq!(receipt.number, "17-1");
    let promise = NewPromise {
        amount_minor: 40_000,
        due_on: "2026-12-01".to_owned(),
        state: PromiseState::Open,
        visit: Some(visit),
    };
    let promise = phone.promise(moment(3), &case, promise).unwrap();
    let field = ContactField::Phone;
    phone.correct_contact(moment(4), &case, field, Some("+1302777".to_owned())).unwrap();
    let edit = Disposition::PartPaid;
    phone.edit_disposition(moment(5), &case, visit, edit, None).unwrap();
    phone.tag(moment(6), &case, "dog").unwrap();

    let view = phone.case_view(&case).unwrap();
    let seen = &view.visits[0];
    assert_eq!((seen.op, seen.disposition, seen.pending), (visit, edit, true));
    assert_eq!(
        (view.tags, view.payments[0].receipt.as_deref()),
        (vec!["dog".to_owned()], Some("17-1"))
    );
    assert_eq!(view.promises[0].op, promise);
    let due_on = "2026-12-01".to_owned();
    let open = Value::Promise { amount_minor: 40_000, due_on, state: PromiseState::Open };
    assert_eq!(view.promises[0].said.value, open);
    let text = Some("+1302777".to_owned());
    assert_eq!(view.contacts[0].value, Value::Contact { field, text });
    assert_eq!(phone.today(NINE).unwrap().unwrap().stops[0].visit, Some(visit));
    // The visit counts at once: not twice a day.
    let again = phone.may_visit_now(&case, NINE + 3_600_000).unwrap();
    assert_eq!((again.allowed, again.rules.reasons[0].rule.as_str()), (false, "caps"));

    let report = pocket.sync().unwrap();
    assert_eq!((report.batches, report.kept_aside, report.pages, report.refused), (1, 1, 1, None));
    let state = phone.state().unwrap();
    assert_eq!((state.written, state.acknowledged, pocket.server.ops().len()), (6, 6, 6));
    let aside = phone.kept_aside().unwrap();
    assert_eq!(
        (aside[0].op, aside[0].kind.as_str(), aside[0].code.as_str()),
        (visit, "visit", "foreign_case")
    );
    assert!(aside[0].sentence.contains("release"), "{aside:?}");
    let flagged = phone.flagged().unwrap();
    assert_eq!(
        flagged.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(),
        ["of_tomorrow", "policy_breach"]
    );
}

#[test]
fn an_exchange_goes_on_after_any_request_or_answer_was_lost() {
    for fault in [Fault::Lost, Fault::AnswerLost] {
        for nth in 0..3 {
            let pocket = Pocket::enrolled();
            pocket.sync().unwrap();
            pocket.visit().unwrap();
            let session = Arc::clone(&pocket.phone).begin_sync("1.0.0");
            for _ in 0..nth {
                let request = session.next_request(NINE).unwrap().unwrap();
                session.take_answer(&pocket.server.answer(&request).unwrap()).unwrap();
            }
            pocket.server.fail_next(fault);
            let transport = Arc::<Server>::clone(&pocket.server);
            let failed = block_on(session.run(NINE, transport, None)).unwrap_err();
            assert_eq!(failed, PhoneError::Offline { detail: "no signal".to_owned() });
            pocket.sync().unwrap();
            let state = pocket.phone.state().unwrap();
            assert_eq!((state.acknowledged, pocket.server.ops().len()), (1, 1), "{fault:?} {nth}");
        }
    }
}

#[test]
fn steps_are_told_and_the_server_can_ask_for_a_pause() {
    let pocket = Pocket::enrolled();
    pocket.sync().unwrap();
    pocket.visit().unwrap();
    pocket.server.seen();
    pocket.server.ask_to_wait(5);
    let (heard, transport) = (Arc::new(Heard(Mutex::default(), 9)), Arc::clone(&pocket.server));
    let listener: Arc<dyn SyncListener> = Arc::<Heard>::clone(&heard);
    let session = Arc::clone(&pocket.phone).begin_sync("1.0.0");
    block_on(session.run(NINE, transport, Some(listener))).unwrap();
    let steps = [
        SyncStep::Greeted,
        SyncStep::Pushed { acknowledged: 1, kept_aside: 1, wait_s: 5 },
        SyncStep::Pulled { frames: 0, more: false },
    ];
    assert_eq!(*heard.0.lock().unwrap(), steps);
    assert_eq!(pocket.server.seen(), ["POST hello 0", "POST push 0", "GET pull 5"]);
    assert_eq!(session.next_request(NINE), Ok(None));
}

#[test]
fn a_listener_that_fails_stops_the_exchange() {
    let pocket = Pocket::enrolled();
    let (heard, transport) = (Arc::new(Heard(Mutex::default(), 1)), Arc::clone(&pocket.server));
    let session = Arc::clone(&pocket.phone).begin_sync("1.0.0");
    let failed = block_on(session.run(NINE, transport, Some(heard))).unwrap_err();
    assert_eq!(failed, PhoneError::App { detail: "enough".to_owned() });
    assert_eq!(pocket.phone.cases().unwrap(), []);
    pocket.sync().unwrap();
    assert_eq!(pocket.phone.cases().unwrap().len(), 1);
}

/// Never answers, and says when it was given up.
#[derive(Debug)]
struct Silent(Arc<Mutex<bool>>);

struct OnDrop(Arc<Mutex<bool>>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        *self.0.lock().unwrap() = true;
    }
}

#[async_trait::async_trait]
impl Transport for Silent {
    async fn send(&self, _: HttpRequest) -> Result<HttpAnswer, AppError> {
        let _given_up = OnDrop(Arc::clone(&self.0));
        pending().await
    }
}

#[test]
fn a_wait_can_be_cancelled_from_another_thread() {
    let pocket = Pocket::enrolled();
    let given_up = Arc::new(Mutex::new(false));
    let session = Arc::clone(&pocket.phone).begin_sync("1.0.0");
    let other = Arc::clone(&session);
    let transport = Arc::new(Silent(Arc::clone(&given_up)));
    let mut run = pin!(session.run(NINE, transport, None));
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    assert!(run.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    assert!(!*given_up.lock().unwrap());
    thread::spawn(move || other.cancel()).join().unwrap();
    assert_eq!(block_on(run), Err(PhoneError::Cancelled));
    assert!(*given_up.lock().unwrap());
    assert_eq!(session.next_request(NINE), Err(PhoneError::Cancelled));
    pocket.sync().unwrap();
}

#[test]
fn a_revoked_phone_forgets_everything() {
    let pocket = Pocket::enrolled();
    pocket.sync().unwrap();
    pocket.visit().unwrap();
    pocket.server.fail_next(Fault::Revoked);
    assert!(pocket.sync().unwrap().wiped);
    let state = pocket.phone.state().unwrap();
    assert_eq!((state.device, state.written), (None, 0));
    assert_eq!(pocket.phone.cases().unwrap(), []);
    assert_eq!(pocket.sync(), Err(PhoneError::NotEnrolled));
    let case_id = case().to_string();
    assert_eq!(pocket.visit(), Err(PhoneError::NotAllocated { case_id }));
}

#[test]
fn errors_say_what_to_do() {
    let pocket = Pocket::enrolled();
    let (phone, case) = (&pocket.phone, case().to_string());
    pocket.server.fail_next(Fault::Broken);
    let (code, detail) = ("busy".to_owned(), "later".to_owned());
    assert_eq!(pocket.sync(), Err(PhoneError::Refused { status: 503, code, detail }));
    let path = pocket.dir.path().join("phone.sqlite");
    match DoorstepPhone::open(path.to_str().unwrap()) {
        Err(PhoneError::Storage { reason: StorageReason::InUse, .. }) => {}
        other => panic!("{other:?}"),
    }
    let asked_again = phone.enrolment_request("K7QF-22XD", "phone", "1.0.0", vec![3; 32]);
    assert_eq!(asked_again, Err(PhoneError::AlreadyEnrolled { actor: 17 }));
    assert_eq!(pocket.visit(), Err(PhoneError::NotAllocated { case_id: case.clone() }));

    pocket.sync().unwrap();
    let short = Moment { random: vec![1; 15], ..moment(1) };
    let promise = |amount_minor, due_on: &str| {
        let (due_on, state) = (due_on.to_owned(), PromiseState::Open);
        phone.promise(moment(1), &case, NewPromise { amount_minor, due_on, state, visit: None })
    };
    let backwards = NewVisit { left_at_ms: NINE - 1, ..visit() };
    let no_plan = NewVisit { plan_id: Some("P".to_owned()), ..visit() };
    let no_hash = NewVisit { evidence: vec![vec![1; 31]], ..visit() };
    for (done, field) in [
        (phone.log_visit(moment(1), "C-1", visit()), "case_id"),
        (phone.log_visit(short, &case, visit()), "random"),
        (phone.log_visit(moment(1), &case, backwards), "left_at"),
        (phone.log_visit(moment(1), &case, no_plan), "plan_id"),
        (phone.log_visit(moment(1), &case, no_hash), "evidence"),
        (promise(0, "2026-12-01"), "amount_minor"),
        (promise(1, "1.12.2026"), "due_on"),
        (promise(1, "20261201"), "due_on"),
        (phone.tag(moment(1), &case, ""), "tag"),
        (phone.correct_contact(moment(1), &case, ContactField::Position, None), "field"),
    ] {
        match done {
            Err(PhoneError::BadInput { field: named, .. }) => assert_eq!(named, field),
            other => panic!("{field}: {other:?}"),
        }
    }
    assert_eq!(phone.state().unwrap().written, 0);
}
