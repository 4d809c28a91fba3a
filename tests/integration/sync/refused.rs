//! What is refused whole: nothing is stored, and the device can send it again as it should be.

use sync_core::bytes::{RecordReader, RecordWriter, put_bytes};
use sync_core::kinds::Disposition;
use tests::book::agents_csv;
use tests::database::Database;
use tests::installation::Installation;
use tests::phone::Phone;

use super::{Field, counts, field};
use crate::db::on_both;

on_both!(
    a_forged_signature_is_refused,
    a_batch_cut_anywhere_is_refused,
    bytes_after_the_end_are_refused,
    a_bomb_is_refused_before_it_is_unpacked,
    a_replayed_batch_is_acknowledged_again,
    batches_out_of_order_wait_for_each_other,
    a_broken_chain_is_refused,
    another_device_and_another_organisation_are_unknown,
    a_payload_with_a_field_of_another_type_is_refused,
);

/// A phone with three visits written and nothing sent.
fn visited(database: &Database) -> Field {
    let mut field = field(database);
    for at in 0..3 {
        field.one.visit(field.cases[at], Disposition::NoContact).unwrap();
    }
    field
}

/// The batch as it should be is taken, so nothing was lost.
fn taken_in_the_end(field: &Field, database: &Database) {
    assert_eq!(counts(database), (0, 0, 0), "nothing was stored");
    let answer = field.one.push_all(&field.doorstep).unwrap();
    assert_eq!((answer.acknowledged, answer.kept_aside.len()), (3, 0));
    assert_eq!(counts(database), (3, 0, 3));
}

fn a_forged_signature_is_refused(database: &Database) {
    let field = visited(database);
    let good = field.one.batch(1, 3).unwrap();
    for at in [good.len() - 1, good.len() - 64, good.len() - 70] {
        let mut forged = good.clone();
        forged[at] ^= 1;
        let code = field.one.refused(&field.doorstep, &forged).unwrap();
        let codes = ["bad_signature", "not_canonical", "truncated", "too_large"];
        assert!(codes.contains(&code), "{code}");
    }
    let mut forged = good.clone();
    let at = forged.len() - 64;
    forged[at..].copy_from_slice(&[7; 64]);
    assert_eq!(field.one.refused(&field.doorstep, &forged).unwrap(), "bad_signature");
    taken_in_the_end(&field, database);
}

fn a_batch_cut_anywhere_is_refused(database: &Database) {
    let field = visited(database);
    let good = field.one.batch(1, 3).unwrap();
    for length in (0..good.len()).step_by(7) {
        assert_eq!(field.one.refused(&field.doorstep, &good[..length]).unwrap(), "truncated");
    }
    taken_in_the_end(&field, database);
}

fn bytes_after_the_end_are_refused(database: &Database) {
    let field = visited(database);
    let mut longer = field.one.batch(1, 3).unwrap();
    longer.push(0);
    assert_eq!(field.one.refused(&field.doorstep, &longer).unwrap(), "trailing_bytes");
    taken_in_the_end(&field, database);
}

/// A body that unpacks to far more than its header says, and a header that says more than allowed.
fn a_bomb_is_refused_before_it_is_unpacked(database: &Database) {
    let field = visited(database);
    let good = field.one.batch(1, 3).unwrap();
    let zeros = vec![0_u8; 64 << 20];
    let bomb = zstd::encode_all(zeros.as_slice(), 3).unwrap();
    assert!(bomb.len() < 20_000, "{}", bomb.len());
    for length in [1_000, 1 << 20, (1 << 20) + 1, 64 << 20, u64::MAX] {
        let bytes = with_body(&good, &bomb, length);
        assert_eq!(field.one.refused(&field.doorstep, &bytes).unwrap(), "too_large", "{length}");
    }
    taken_in_the_end(&field, database);
}

/// The batch with another body, of which the header says `length`.
fn with_body(batch: &[u8], body: &[u8], length: u64) -> Vec<u8> {
    let mut reader = sync_core::bytes::Reader::new(&batch[4..]);
    let header = reader.bytes().unwrap();
    let mut record = RecordReader::new(header);
    let mut out = RecordWriter::new();
    out.bytes(1, record.bytes(1).unwrap().unwrap());
    for tag in 2..=4 {
        out.uvarint(tag, record.uvarint(tag).unwrap().unwrap());
    }
    for tag in 5..=7 {
        out.bytes(tag, record.bytes(tag).unwrap().unwrap());
    }
    out.ivarint(8, record.ivarint(8).unwrap().unwrap());
    out.uvarint(9, record.uvarint(9).unwrap().unwrap());
    out.uvarint(10, 1).uvarint(11, length);
    let mut bytes = b"DSB1".to_vec();
    put_bytes(&mut bytes, &out.finish());
    put_bytes(&mut bytes, body);
    bytes.extend_from_slice(&batch[batch.len() - 64..]);
    bytes
}

fn a_replayed_batch_is_acknowledged_again(database: &Database) {
    let mut field = visited(database);
    let first = field.one.push_all(&field.doorstep).unwrap();
    let head = field.doorstep.app.store.head(field.doorstep.app.org).unwrap();
    for _ in 0..2 {
        assert_eq!(field.one.push_all(&field.doorstep).unwrap(), first);
        assert_eq!(field.one.push(&field.doorstep, 2, 2).unwrap().acknowledged, 3);
    }
    assert_eq!(field.doorstep.app.store.head(field.doorstep.app.org).unwrap(), head);
    // A batch that begins with known ops and goes on: only the new ones are taken.
    field.one.visit(field.cases[0], Disposition::Paid).unwrap();
    assert_eq!(field.one.push(&field.doorstep, 2, 4).unwrap().acknowledged, 4);
    assert_eq!(counts(database), (4, 0, 4));
}

fn batches_out_of_order_wait_for_each_other(database: &Database) {
    let field = visited(database);
    let late = field.one.batch(3, 3).unwrap();
    assert_eq!(field.one.refused(&field.doorstep, &late).unwrap(), "sequence_gap");
    let error = field.one.send(&field.doorstep, &late).unwrap_err();
    assert!(error.to_string().contains("the next is 1"), "{error}");
    assert_eq!(counts(database), (0, 0, 0));
    assert_eq!(field.one.push(&field.doorstep, 1, 2).unwrap().acknowledged, 2);
    assert_eq!(field.one.send(&field.doorstep, &late).unwrap().acknowledged, 3);
    assert_eq!(counts(database), (3, 0, 3));
}

/// A batch whose ops follow each other, but not what the server has.
fn a_broken_chain_is_refused(database: &Database) {
    let mut field = visited(database);
    field.one.push(&field.doorstep, 1, 1).unwrap();
    let kept = field.one.ops[0].clone();
    field.one.ops[0].header.clock = sync_core::clock::Hlc::FIRST;
    let broken = field.one.batch(2, 3).unwrap();
    assert_eq!(field.one.refused(&field.doorstep, &broken).unwrap(), "chain_broken");
    assert_eq!(counts(database), (1, 0, 1));
    field.one.ops[0] = kept;
    assert_eq!(field.one.push(&field.doorstep, 2, 3).unwrap().acknowledged, 3);
}

fn another_device_and_another_organisation_are_unknown(database: &Database) {
    let field = visited(database);
    let batch = field.one.batch(1, 3).unwrap();
    assert_eq!(field.two.refused(&field.doorstep, &batch).unwrap(), "unauthenticated");
    let mut stranger = field.one.clone();
    stranger.actor = sync_core::op::Actor::new(99);
    stranger.ops.clear();
    let elsewhere = Database::sqlite().unwrap();
    let doorstep = Installation::another(&elsewhere, ".", 2).unwrap();
    doorstep.import("", &agents_csv(&[("K1", 39.16, -75.52)])).unwrap();
    let foreign = Phone::enrol(&elsewhere, &doorstep, 1, "K1").unwrap();
    for mut phone in [stranger, foreign] {
        phone.visit(field.cases[0], Disposition::Paid).unwrap();
        let batch = phone.batch(1, 1).unwrap();
        assert_eq!(phone.refused(&field.doorstep, &batch).unwrap(), "unknown_device");
    }
    taken_in_the_end(&field, database);
}

fn a_payload_with_a_field_of_another_type_is_refused(database: &Database) {
    let mut field = field(database);
    let header = tests::phone::header(&field.one, Some(field.cases[0]), 4);
    let mut payload = RecordWriter::new();
    payload.text(1, "a lot");
    field.one.write_raw(header, sync_core::op::Payload::new(payload)).unwrap();
    let batch = field.one.batch(1, 1).unwrap();
    assert_eq!(field.one.refused(&field.doorstep, &batch).unwrap(), "not_canonical");
    assert_eq!(counts(database), (0, 0, 0));
}
