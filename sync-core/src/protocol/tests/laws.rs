use proptest::prelude::*;

use super::*;
use crate::bytes::RecordWriter;
use crate::clock::Hlc;
use crate::op::laws::headers;
use crate::op::{Header, Payload, Salt};

/// Ops that follow [`chain`].
fn ops() -> impl Strategy<Value = Vec<Op>> {
    let text = prop::collection::vec(any::<u8>(), 0..30);
    prop::collection::vec((headers(), text), 1..12).prop_map(|drawn| {
        let mut chain = chain();
        let mut ops = Vec::new();
        for (header, text) in drawn {
            let (dot, organisation) = (chain.next().unwrap(), chain.organisation());
            // The highest field of all has no place in a batch.
            let field = header.field.map(|field| field.min(u64::MAX - 1));
            let mut payload = RecordWriter::new();
            payload.bytes(1, &text);
            let header = Header { dot, organisation, field, ..header };
            let op = Op::new(header, Payload::new(payload), &seed());
            chain.follow(&op.header, &op.body.hash()).unwrap();
            ops.push(op);
        }
        ops
    })
}

fn whole(pages: &[u8]) -> Option<(Vec<Frame>, End)> {
    decode_frames(pages).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn batches_are_read_as_they_were_written(ops in ops()) {
        let batch = read(&sealed(&ops)).unwrap();
        prop_assert_eq!(&batch.ops, &ops);
        let body = batch::encode_columns(&ops).unwrap();
        prop_assert_eq!(usize::try_from(batch.header.length).unwrap(), body.len());
    }

    #[test]
    fn a_changed_batch_is_refused(
        ops in ops(),
        at in any::<prop::sample::Index>(),
        change in 1..=u8::MAX,
    ) {
        let mut bytes = sealed(&ops);
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        // Compression has several forms of the same body; everything else is signed.
        if let Ok(batch) = read(&bytes) {
            prop_assert_eq!(batch.ops, ops);
        }
    }

    #[test]
    fn a_changed_body_is_refused_or_another_one(
        ops in ops(),
        at in any::<prop::sample::Index>(),
        change in 1..=u8::MAX,
    ) {
        // Signed by a device that writes nonsense: nothing panics, and nothing reads as the same.
        let header = read(&sealed(&ops)).unwrap().header;
        let mut body = batch::encode_columns(&ops).unwrap();
        let at = at.index(body.len());
        body[at] ^= change;
        let header = BatchHeader { compressed: false, ..header };
        let bytes = batch::assemble(&header.encode(), &body, &body, &secret());
        prop_assert!(read(&bytes).is_err());
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for magic in ["", "DSB1", "DSH1"] {
            let bytes = [magic.as_bytes(), &bytes].concat();
            prop_assert!(read(&bytes).is_err());
            prop_assert!(UnreadHello::open(&bytes).is_err());
        }
        prop_assert!(whole(&bytes).is_none());
        let packed = squeeze::compress("page", &bytes).unwrap();
        prop_assert!(whole(&packed).is_none());
        let _ = (Facts::decode(&bytes), PlanDocument::decode(&bytes), PushAnswer::decode(&bytes));
    }

    #[test]
    fn frames_are_read_as_they_were_written(
        ops in ops(),
        server_seq in any::<u64>(),
        admitted in (any::<i64>(), any::<u16>()),
        erased in any::<bool>(),
        salt in any::<[u8; 16]>(),
    ) {
        let admitted = Hlc::new(admitted.0, admitted.1);
        let frames: Vec<_> = ops.into_iter().map(|mut op| {
            if let crate::op::Body::Whole { salt: own, .. } = &mut op.body {
                *own = Salt::new(salt);
            }
            if erased {
                op.erase();
            }
            Frame::Op(ReceivedOp { server_seq, admitted, op })
        }).collect();
        let end = End { cursor: String::new(), more: erased, clock_ms: admitted.ms(), reached: server_seq, epoch: 3 };
        let page = encode_frames(&frames, &end).unwrap();
        prop_assert_eq!(decode_frames(&page), Ok((frames, end)));
    }

    #[test]
    fn a_changed_page_does_not_panic(
        at in any::<prop::sample::Index>(),
        change in 1..=u8::MAX,
    ) {
        let mut page = Vec::new();
        for frame in golden("FRAME").iter().chain(&golden("END")) {
            crate::bytes::put_bytes(&mut page, frame);
        }
        let at = at.index(page.len());
        page[at] ^= change;
        let _ = whole(&squeeze::compress("page", &page).unwrap());
    }
}
