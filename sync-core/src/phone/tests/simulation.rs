//! Two phones and a server, whatever goes wrong, end up alike.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::kinds::{
    CaseStatus, ContactField, ContactValue, Content, DispositionEdit, PaymentMethod, Promise,
    PromiseState, StatusEdit,
};
use crate::model::Minor;

/// What happens to the request of that number in an exchange.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// It is cut after that many per mille.
    CutRequest(u8, usize),
    /// The server does it, and the answer is lost; the phone stops.
    LoseAnswer(u8),
    /// The answer is cut after that many per mille.
    CutAnswer(u8, usize),
    /// It comes twice; the first answer is lost.
    Twice(u8),
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Write { phone: usize, case: u8, what: u8 },
    Office { case: u8, what: u8 },
    Sync { phone: usize, trouble: Option<Trouble> },
    Allot { phone: usize, case: u8, granted: bool },
    SetClock { phone: usize, offset_ms: i64 },
    Wait { ms: i64 },
    Save,
    Restore,
}

fn trouble() -> impl Strategy<Value = Trouble> {
    let which = 0..6_u8;
    prop_oneof![
        (which.clone(), 0..1_000_usize).prop_map(|(n, at)| Trouble::CutRequest(n, at)),
        which.clone().prop_map(Trouble::LoseAnswer),
        (which.clone(), 0..1_000_usize).prop_map(|(n, at)| Trouble::CutAnswer(n, at)),
        which.prop_map(Trouble::Twice),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (phone, case) = (0..2_usize, 1..4_u8);
    let days = 3 * 86_400_000_i64;
    let write = (phone.clone(), case.clone(), 0..9_u8)
        .prop_map(|(phone, case, what)| Step::Write { phone, case, what });
    let office = (case.clone(), 0..3_u8).prop_map(|(case, what)| Step::Office { case, what });
    let sync = (phone.clone(), prop::option::of(trouble()))
        .prop_map(|(phone, trouble)| Step::Sync { phone, trouble });
    let allot = (phone.clone(), case, prop::bool::weighted(0.6))
        .prop_map(|(phone, case, granted)| Step::Allot { phone, case, granted });
    let clock =
        (phone, -days..days).prop_map(|(phone, offset_ms)| Step::SetClock { phone, offset_ms });
    let step = prop_oneof![
        10 => write,
        2 => office,
        6 => sync,
        2 => allot,
        1 => clock,
        2 => (1..600_000_i64).prop_map(|ms| Step::Wait { ms }),
        1 => Just(Step::Save),
        1 => Just(Step::Restore),
    ];
    prop::collection::vec(step, 1..60)
}

struct Room {
    server: Server,
    backup: Server,
    epoch: u64,
    phones: Vec<Phone<MemoryStore>>,
    offsets: [i64; 2],
    /// Everything a phone was told is written, by phone.
    written: [BTreeSet<crate::op::Dot>; 2],
}

impl Room {
    fn new() -> Self {
        let mut server = server();
        let phones = vec![phone(&mut server, 1), phone(&mut server, 2)];
        for number in 1..=3 {
            server.grant(case(number), 1);
            server.grant(case(number), 2);
        }
        let backup = server.save();
        let mut room =
            Self { server, backup, epoch: 1, phones, offsets: [0; 2], written: Default::default() };
        room.sync(0, None);
        room.sync(1, None);
        room
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Write { phone, case: number, what } => self.write(phone, case(number), what),
            Step::Office { case: number, what } => {
                let (content, field) = match what {
                    0 => {
                        let (status, reason) = (CaseStatus::Paused, "office".to_owned());
                        (Content::Status(StatusEdit { status, reason }), None)
                    }
                    1 => (Content::TagRemoved("dog".to_owned()), None),
                    _ => (Content::Contact(ContactValue::of_text("+886")), Some(2)),
                };
                self.server.office(case(number), content, field);
            }
            Step::Sync { phone, trouble } => self.sync(phone, trouble),
            Step::Allot { phone, case: number, granted } => {
                let actor = u32::try_from(phone + 1).unwrap();
                if granted {
                    self.server.grant(case(number), actor);
                } else {
                    self.server.withdraw(case(number), actor);
                }
            }
            Step::SetClock { phone, offset_ms } => self.offsets[phone] = offset_ms,
            Step::Wait { ms } => self.server.now_ms += ms,
            Step::Save => self.backup = self.server.save(),
            Step::Restore => {
                let now_ms = self.server.now_ms;
                self.epoch += 1;
                self.server = self.backup.clone();
                (self.server.now_ms, self.server.epoch) = (now_ms, self.epoch);
            }
        }
    }

    fn write(&mut self, number: usize, case: CaseId, what: u8) {
        self.server.now_ms += 1;
        let now_ms = self.server.now_ms + self.offsets[number];
        let phone = &mut self.phones[number];
        let moment = at(now_ms);
        let visited = match phone.case(case) {
            Ok(view) => view.state.visits().first().map(|visit| visit.dot),
            Err(PhoneError::NotGranted { .. }) => return,
            Err(error) => panic!("{error}"),
        };
        let promise = Promise {
            amount_minor: Minor::new(500),
            due_on: 20_600,
            state: PromiseState::Open,
            visit: visited,
        };
        let note = format!("phone {number} at {now_ms}");
        let dot = match (what, visited) {
            (0 | 1, _) | (2, None) => phone.log_visit(moment, case, visit(now_ms)),
            (2, Some(visit)) => {
                let edit = DispositionEdit { disposition: Disposition::Referred, note: Some(note) };
                phone.edit_disposition(moment, case, visit, edit)
            }
            (3, _) => phone.promise(moment, case, promise),
            (4, _) => {
                let (amount_minor, method) = (Minor::new(100), PaymentMethod::Cash);
                let payment = NewPayment { amount_minor, method, paid_at: now_ms, visit: visited };
                phone.record_payment(moment, case, payment).map(|receipt| receipt.payment)
            }
            (5, _) => phone.tag(moment, case, "dog"),
            (6, _) => phone.untag(moment, case, "dog"),
            (field, _) => {
                let field = ContactField::of_number(u64::from(field) - 5).unwrap();
                let value = ContactValue::of_text(note);
                phone.correct_contact(moment, case, field, value)
            }
        };
        // What was written is there when the call has returned, also after the phone has died.
        let dot = dot.unwrap();
        self.reopen(number);
        let own = self.phones[number].store().own_ops(dot.sequence.get(), 1).unwrap();
        assert_eq!(own[0].op.header.dot, dot);
        self.written[number].insert(dot);
    }

    fn reopen(&mut self, number: usize) {
        let store = self.phones[number].store().clone();
        self.phones[number] = Phone::open(store).unwrap();
    }

    /// An exchange; with trouble the phone stops there.
    fn sync(&mut self, number: usize, trouble: Option<Trouble>) {
        let mut client = Client::new("1.0.0");
        for count in 0..200_u8 {
            let now_ms = self.server.now_ms + self.offsets[number];
            let phone = &mut self.phones[number];
            let Some(mut request) = client.next(phone, now_ms).unwrap() else { return };
            let mut lost = false;
            match trouble {
                Some(Trouble::CutRequest(n, part)) if n == count => {
                    request.body.truncate(request.body.len() * part / 1_000);
                }
                Some(Trouble::LoseAnswer(n)) if n == count => lost = true,
                Some(Trouble::Twice(n)) if n == count => {
                    self.server.answer(&request);
                }
                _ => {}
            }
            let (status, mut body) = self.server.answer(&request);
            if let Some(Trouble::CutAnswer(n, part)) = trouble.filter(|_| status == 200)
                && n == count
            {
                body.truncate(body.len() * part / 1_000);
            }
            if lost || client.answer(phone, now_ms, status, &body).is_err() {
                assert!(trouble.is_some(), "request {count}: status {status}");
                self.reopen(number);
                return;
            }
        }
        panic!("the exchange has no end");
    }

    fn check(&mut self) {
        for _ in 0..2 {
            self.sync(0, None);
            self.sync(1, None);
        }
        for (phone, actor) in self.phones.iter_mut().zip(1..) {
            let written = phone.written();
            assert_eq!((phone.acknowledged(), self.server.known(actor)), (written, written));
            let cases = phone.cases().unwrap();
            for (case, _) in &cases {
                // A removal of what was never there leaves an empty register, which no snapshot has.
                let alike = |state: &CaseState| CaseState::rebuild(*case, state.live_ops());
                let state = phone.case(*case).unwrap().state;
                assert_eq!(alike(&state), alike(&self.server.case(*case)));
                assert_eq!(phone.store().on_top(*case), Ok(vec![]), "on top of {case}");
            }
        }
        let admitted: Vec<_> = self.server.ops().map(|op| op.op.header.dot).collect();
        let once: BTreeSet<_> = admitted.iter().copied().collect();
        assert_eq!(once.len(), admitted.len(), "doubled");
        for (phone, written) in self.phones.iter_mut().zip(&self.written) {
            let aside = phone.kept_aside().unwrap();
            let aside: BTreeSet<_> = aside.iter().map(|op| op.op.header.dot).collect();
            for dot in written {
                assert!(once.contains(dot) != aside.contains(dot), "{dot} is lost, or both");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn two_phones_and_a_server_end_up_alike(steps in steps()) {
        let mut room = Room::new();
        for step in steps {
            room.take(step);
        }
        room.check();
    }
}
