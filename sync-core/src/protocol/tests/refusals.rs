use super::*;
use crate::bytes::{List, RecordWriter, put_bytes};

fn code(bytes: &[u8]) -> &'static str {
    read(bytes).unwrap_err().code().label()
}

/// A batch of the golden ops with another body, signed all the same.
fn with_body(body: &[u8], packed: &[u8], compressed: bool, length: usize) -> Vec<u8> {
    let header = read(&golden_one("BATCH")).unwrap().header;
    let length = u64::try_from(length).unwrap();
    let header = BatchHeader { compressed, length, ..header };
    batch::assemble(&header.encode(), body, packed, &secret())
}

fn plain(body: &[u8]) -> Vec<u8> {
    with_body(body, body, false, body.len())
}

#[test]
fn a_batch_that_is_cut_anywhere_is_refused() {
    for whole in [golden_one("BATCH"), sealed(&day())] {
        for end in 0..whole.len() {
            assert_eq!(code(&whole[..end]), "truncated", "at {end}");
        }
    }
    // The packed body is cut, and the batch around it is whole.
    let body = golden_one("BODY");
    let packed = squeeze::compress("batch", &body).unwrap();
    let cut = &packed[..packed.len() - 3];
    assert_eq!(code(&with_body(&body, cut, true, body.len())), "truncated");
    assert_eq!(code(&with_body(&body, &body, false, body.len() + 1)), "truncated");
    assert_eq!(code(&with_body(&body, &packed, true, body.len() + 1)), "truncated");
}

#[test]
fn bytes_after_the_end_are_refused() {
    let whole = [golden_one("BATCH"), vec![0]].concat();
    assert_eq!(code(&whole), "trailing_bytes");
    let body = golden_one("BODY");
    let packed = squeeze::compress("batch", &body).unwrap();
    for more in [vec![0], packed.clone(), vec![0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]] {
        let packed = [packed.clone(), more].concat();
        assert_eq!(code(&with_body(&body, &packed, true, body.len())), "trailing_bytes");
    }
    let hello = [golden_one("HELLO"), vec![0]].concat();
    assert_eq!(UnreadHello::open(&hello).unwrap_err().code().label(), "trailing_bytes");
    // Within the body: a record that goes on.
    let body = [golden_one("BODY"), vec![13 << 3, 0]].concat();
    assert_eq!(code(&plain(&body)), "not_canonical");
}

#[test]
fn a_bomb_is_not_unpacked() {
    // 64 MiB of zeros in a few kilobytes: refused for what it announces...
    let bomb = squeeze::compress("batch", &vec![0; 1 << 26]).unwrap();
    assert!(bomb.len() < 10_000);
    let announced = with_body(&[], &bomb, true, 1 << 26);
    let refused = UnreadBatch::open(&announced).unwrap_err();
    assert_eq!((refused.code(), refused.status()), (Code::TooLarge, 413));
    // ... or as soon as there is more than it announces.
    for length in [0, 1, MAX_BATCH_BYTES] {
        assert_eq!(code(&with_body(&[], &bomb, true, length)), "too_large");
    }
    let page = squeeze::compress("page", &vec![0; 1 << 25]).unwrap();
    assert_eq!(decode_frames(&page).unwrap_err().code(), Code::TooLarge);
    let unpacked = with_body(&golden_one("BODY"), &golden_one("BODY"), false, 3);
    assert_eq!(code(&unpacked), "too_large");
}

#[test]
fn a_window_larger_than_decoders_must_hold_is_refused() {
    let mut packed = squeeze::compress("batch", &[7; 300]).unwrap();
    // Frame without content size whose window is 2^24 bytes (RFC 8878, 3.1.1.1.2).
    packed.splice(4..7, [0, 14 << 3]);
    assert_eq!(code(&with_body(&[7; 300], &packed, true, 300)), "not_canonical");
}

#[test]
fn too_many_ops_are_refused_on_both_sides() {
    let header = read(&golden_one("BATCH")).unwrap().header;
    for (count, code) in
        [(1_001, Code::TooLarge), (u32::MAX, Code::TooLarge), (0, Code::NotCanonical)]
    {
        let header = BatchHeader { count, ..header.clone() };
        let bytes = batch::assemble(&header.encode(), &[], &[], &secret());
        assert_eq!(UnreadBatch::open(&bytes).unwrap_err().code(), code);
    }
    let ops = vec![day()[0].clone(); 1_001];
    let sending = Sending { seed: &seed(), sent_ms: T, epoch: 3 };
    let refused = seal_batch(&chain(), &ops, sending, &secret()).unwrap_err();
    assert_eq!(refused.code(), Code::TooLarge);
    let refused = seal_batch(&chain(), &[], sending, &secret()).unwrap_err();
    assert!(matches!(refused, ProtocolError::Missing { .. }));
}

#[test]
fn other_formats_are_refused() {
    let mut batch = golden_one("BATCH");
    batch[3] = b'2';
    assert_eq!(code(&batch), "unknown_format");
    assert_eq!(code(&golden_one("HELLO")), "unknown_format");
    assert_eq!(code(b"{\"a\": 1}"), "unknown_format");
    let hello =
        Hello { protocol: 2, ..UnreadHello::open(&golden_one("HELLO")).unwrap().hello().clone() };
    let refused = UnreadHello::open(&hello.seal(&secret())).unwrap_err();
    assert_eq!((refused.code(), refused.status()), (Code::UpgradeRequired, 426));
}

#[test]
fn forged_and_changed_batches_are_refused() {
    let whole = golden_one("BATCH");
    let forged = UnreadBatch::open(&whole).unwrap().verify(&DeviceSecret::new([4; 32]).public());
    assert_eq!(forged.unwrap_err().code(), Code::BadSignature);
    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(code(&changed), "bad_signature");
    // Another clock of sending in the header, and another letter in a payload.
    for part in ["41d0bcfed89567", "0454c3bc72"] {
        let part = unhex(part);
        let at = whole.windows(part.len()).position(|window| window == part).unwrap();
        let mut changed = whole.clone();
        changed[at + 1] ^= 2;
        assert_eq!(code(&changed), "bad_signature");
    }
    // A device that signs ops that do not lead where it says.
    let header = read(&whole).unwrap().header;
    let header = BatchHeader { after: header.before, ..header };
    let body = golden_one("BODY");
    assert_eq!(code(&batch::assemble(&header.encode(), &body, &body, &secret())), "chain_broken");
}

#[test]
fn columns_have_one_encoding() {
    let body = golden_one("BODY");
    assert!(read(&plain(&body)).is_ok());
    let [first, ..] = day();
    // One op too few and one too many for the header.
    for count in [1, 5] {
        let body = batch::encode_columns(&vec![first.clone(); count]).unwrap();
        assert_eq!(code(&plain(&body)), "not_canonical");
    }
    // The case twice, of which one is never used; no case at all; a column of another type.
    let case = unhex("019000000000700080000000000000c5");
    let twice = List::bytes([&case, &case]).encode();
    let none = List::bytes::<&[u8]>([]).encode();
    let wrong = List::uvarints([1]).encode();
    for cases in [twice, none, wrong] {
        let was = List::bytes([&case]).encode();
        let at = body.windows(was.len()).position(|window| *window == was).unwrap();
        let mut list = Vec::new();
        put_bytes(&mut list, &cases);
        let changed = [&body[..at - 1], &list, &body[at + was.len()..]].concat();
        assert_eq!(code(&plain(&changed)), "not_canonical");
    }
    assert_eq!(code(&plain(&[])), "not_canonical");
    let packed = [0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(code(&with_body(&[], &packed, true, 100)), "truncated");
    assert_eq!(code(&with_body(&[], b"not zstd at all", true, 100)), "not_canonical");
}

#[test]
fn a_page_without_its_end_is_cut() {
    let end = End { cursor: "c".to_owned(), more: false, clock_ms: T, reached: 1, epoch: 3 };
    let page = encode_frames(&[Frame::Packs(vec![])], &end).unwrap();
    for cut in 0..page.len() {
        assert_eq!(decode_frames(&page[..cut]).unwrap_err().code(), Code::Truncated, "{cut}");
    }
    let unpacked = squeeze::decompress("page", &page, MAX_PAGE_BYTES).unwrap();
    let packed = |bytes: &[u8]| squeeze::compress("page", bytes).unwrap();
    for cut in 0..unpacked.len() {
        let refused = decode_frames(&packed(&unpacked[..cut])).unwrap_err();
        assert_eq!(refused.code(), Code::Truncated, "{cut}");
    }
    let longer = [unpacked, vec![2, 8, 2]].concat();
    assert_eq!(decode_frames(&packed(&longer)).unwrap_err().code(), Code::TrailingBytes);
}

#[test]
fn records_of_wrong_values_are_refused() {
    let mut answer = RecordWriter::new();
    answer.ivarint(1, T).uvarint(2, 3);
    let refused = HelloAnswer::decode(&answer.finish()).unwrap_err();
    assert_eq!(refused.to_string(), "answer to a hello: known is missing");
    let facts = golden("FRAME").remove(7);
    for (was, becomes) in [("4a03555443", "4a03555843"), ("4000", "40ffff7f"), ("6200", "620178")] {
        let hex = crate::op::tests::hex(&facts);
        let mut changed = unhex(&hex.replacen(was, becomes, 1));
        // The length of the record of facts, in case it grew.
        let grown = changed.len() - facts.len();
        changed[21] += u8::try_from(grown).unwrap();
        let fields = fields::Fields::of("frame", &changed);
        let refused = Frame::decode(8, fields).unwrap_err();
        assert!(matches!(refused, ProtocolError::Value { what: "facts", .. }), "{refused:?}");
    }
}

#[test]
fn codes_are_those_of_the_page() {
    let page = include_str!("../../../../server/docs/SYNC.md");
    let table = page.split("## 9.").nth(1).unwrap().split("## 10.").next().unwrap();
    for line in table.lines().filter(|line| line.contains('`')) {
        let word = line.rsplit('`').nth(1).unwrap();
        let code: Code = word.parse().unwrap();
        match code.status() {
            Some(status) => assert!(line.contains(&status.to_string()), "{line}"),
            None => assert!(line.contains("kept"), "{line}"),
        }
    }
    assert!(Code::ALL.iter().all(|code| table.contains(&format!("`{code}`"))));
    assert_eq!("sick".parse::<Code>(), Err("sick".to_owned()));
}
