use super::*;
use proptest::prelude::*;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn read_uvarint(bytes: &[u8]) -> Result<u64, BytesError> {
    let mut reader = Reader::new(bytes);
    let value = reader.uvarint()?;
    reader.finish().map(|()| value)
}

// Golden bytes were computed with another program than this one.

#[test]
fn numbers_have_their_golden_bytes() {
    for (value, golden) in [
        (0, "00"),
        (1, "01"),
        (127, "7f"),
        (128, "8001"),
        (300, "ac02"),
        (16_383, "ff7f"),
        (16_384, "808001"),
        (1 << 32, "8080808010"),
        (1 << 63, "80808080808080808001"),
        (u64::MAX, "ffffffffffffffffff01"),
    ] {
        let mut out = Vec::new();
        put_uvarint(&mut out, value);
        assert_eq!(hex(&out), golden, "{value}");
        assert_eq!(read_uvarint(&out), Ok(value));
    }
    for (value, golden) in [
        (0, "00"),
        (-1, "01"),
        (1, "02"),
        (-64, "7f"),
        (64, "8001"),
        (i64::MIN, "ffffffffffffffffff01"),
        (i64::MAX, "feffffffffffffffff01"),
    ] {
        let mut out = Vec::new();
        put_ivarint(&mut out, value);
        assert_eq!(hex(&out), golden, "{value}");
        assert_eq!(Reader::new(&out).ivarint(), Ok(value));
    }
}

const RECORD: &str = "080011b7171a00220474c3bc722b02080784010601030100c601\
                      f8ffffffffffffffff01ffffffffffffffffff01";

#[test]
fn a_record_has_its_golden_bytes() {
    let mut inner = RecordWriter::new();
    inner.uvarint(1, 7);
    let inner = inner.finish();
    let mut record = RecordWriter::new();
    record.uvarint(1, 0).ivarint(2, -1500).bytes(3, b"").text(4, "tür").record(5, &inner);
    record.list(16, &List::ivarints([-1, 0, 99])).uvarint((1 << 61) - 1, u64::MAX);
    let bytes = record.finish();
    assert_eq!(hex(&bytes), RECORD);

    let mut record = RecordReader::new(&bytes);
    assert_eq!(record.uvarint(1), Ok(Some(0)));
    assert_eq!(record.ivarint(2), Ok(Some(-1500)));
    assert_eq!(record.array(3), Ok(Some([])));
    assert_eq!(record.text(4), Ok(Some("tür")));
    let mut within = record.record(5).unwrap().unwrap();
    assert_eq!(within.uvarint(1), Ok(Some(7)));
    assert!(within.finish().unwrap().is_empty());
    assert_eq!(record.bytes(6), Ok(None));
    let mut list = record.list(16, Type::Ivarint).unwrap().unwrap();
    assert_eq!(list.left(), 3);
    for item in [Some(-1), Some(0), Some(99), None, None] {
        assert_eq!(list.ivarint(), Ok(item));
    }
    assert_eq!(record.uvarint((1 << 61) - 1), Ok(Some(u64::MAX)));
    assert!(record.finish().unwrap().is_empty());
    // And a program that knows nothing of it keeps everything.
    let unknown = Unknown::decode(&unhex(RECORD)).unwrap();
    assert_eq!(unknown.tags().collect::<Vec<_>>(), [1, 2, 3, 4, 5, 16, (1 << 61) - 1]);
    assert_eq!(hex(&unknown.encode()), RECORD);
}

#[test]
fn other_forms_are_refused() {
    for (bytes, error) in [
        ("8000", BytesError::LongForm { at: 0 }),
        ("ff8000", BytesError::LongForm { at: 0 }),
        ("80808080808080808000", BytesError::LongForm { at: 0 }),
        ("ffffffffffffffffff02", BytesError::TooWide { at: 0 }),
        ("ffffffffffffffffff8100", BytesError::TooWide { at: 0 }),
        ("80", BytesError::Cut { at: 0 }),
        ("", BytesError::Cut { at: 0 }),
        ("0000", BytesError::Trailing { at: 1 }),
    ] {
        assert_eq!(read_uvarint(&unhex(bytes)), Err(error), "{bytes}");
    }
    for (record, error) in [
        ("8800", BytesError::LongForm { at: 0 }),
        ("088000", BytesError::LongForm { at: 1 }),
        ("08000800", BytesError::TagOrder { at: 2, tag: 1, before: 1 }),
        ("10000800", BytesError::TagOrder { at: 2, tag: 1, before: 2 }),
        ("0d00", BytesError::NoType { at: 0, number: 5 }),
        ("0f", BytesError::NoType { at: 0, number: 7 }),
        ("08", BytesError::Cut { at: 1 }),
        ("0a0261", BytesError::Cut { at: 1 }),
        ("0a8161", BytesError::Cut { at: 1 }),
        ("0affffffffffffffffff01", BytesError::Cut { at: 1 }),
        ("1a0161ff", BytesError::Cut { at: 3 }),
    ] {
        assert_eq!(Unknown::decode(&unhex(record)), Err(error), "{record}");
    }
}

#[test]
fn other_types_and_lengths_are_refused() {
    let bytes = unhex("0801120161");
    let found = RecordReader::new(&bytes).ivarint(1);
    let (expected, found_type) = (Type::Ivarint, Type::Uvarint);
    assert_eq!(found, Err(BytesError::WrongType { tag: 1, expected, found: found_type }));
    let found = RecordReader::new(&bytes).array::<2>(2);
    assert_eq!(found, Err(BytesError::WrongLength { tag: 2, expected: 2, found: 1 }));
    let bytes = unhex("0a01ff");
    assert_eq!(RecordReader::new(&bytes).text(1), Err(BytesError::NotText { at: 0 }));
}

#[test]
fn lists_hold_what_they_say() {
    let read = |bytes: &str| -> Result<Vec<u64>, BytesError> {
        let bytes = unhex(bytes);
        let mut list = RecordReader::new(&bytes).list(1, Type::Uvarint)?.unwrap();
        let mut items = Vec::new();
        while let Some(item) = list.uvarint()? {
            items.push(item);
        }
        Ok(items)
    };
    assert_eq!(read("0c020000"), Ok(vec![]));
    assert_eq!(read("0c0400020105"), Ok(vec![1, 5]));
    assert_eq!(read("0c00"), Err(BytesError::Cut { at: 0 }));
    assert_eq!(read("0c020700"), Err(BytesError::NoType { at: 0, number: 7 }));
    let (tag, expected, found) = (1, Type::Uvarint, Type::Ivarint);
    assert_eq!(read("0c020100"), Err(BytesError::WrongType { tag, expected, found }));
    assert_eq!(read("0c03000201"), Err(BytesError::Cut { at: 1 }));
    assert_eq!(read("0c0400010105"), Err(BytesError::Trailing { at: 3 }));
    // A number of items that is beyond anything makes no room for them.
    assert_eq!(read("0c0b00ffffffffffffffffff01"), Err(BytesError::Cut { at: 1 }));
    // Bytes that make up the count, but not the items.
    assert_eq!(read("0c0400028080"), Err(BytesError::Cut { at: 2 }));
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Uvarint(u64),
    Ivarint(i64),
    Bytes(Vec<u8>),
    Text(String),
    Record(Vec<(u64, Value)>),
    Numbers(Vec<i64>),
    Texts(Vec<String>),
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![0..300_u64, any::<u64>(), Just(u64::MAX)]
}

fn fields() -> impl Strategy<Value = Vec<(u64, Value)>> {
    let leaf = prop_oneof![
        number().prop_map(Value::Uvarint),
        any::<i64>().prop_map(Value::Ivarint),
        prop::collection::vec(any::<u8>(), 0..200).prop_map(Value::Bytes),
        ".{0,8}".prop_map(Value::Text),
        prop::collection::vec(any::<i64>(), 0..8).prop_map(Value::Numbers),
        prop::collection::vec(".{0,4}", 0..8).prop_map(Value::Texts),
    ];
    let value = leaf.prop_recursive(3, 24, 6, |inner| record_of(inner).prop_map(Value::Record));
    record_of(value)
}

fn record_of(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Vec<(u64, Value)>> {
    let tag = prop_oneof![0..40_u64, 0..1_u64 << 61];
    prop::collection::btree_map(tag, value, 0..6).prop_map(|fields| fields.into_iter().collect())
}

fn encode(fields: &[(u64, Value)], unknown: &Unknown) -> Vec<u8> {
    let mut out = RecordWriter::with_unknown(unknown);
    for (tag, value) in fields {
        match value {
            Value::Uvarint(value) => out.uvarint(*tag, *value),
            Value::Ivarint(value) => out.ivarint(*tag, *value),
            Value::Bytes(value) => out.bytes(*tag, value),
            Value::Text(value) => out.text(*tag, value),
            Value::Record(value) => out.record(*tag, &encode(value, &Unknown::default())),
            Value::Numbers(value) => out.list(*tag, &List::ivarints(value.iter().copied())),
            Value::Texts(value) => out.list(*tag, &List::bytes(value)),
        };
    }
    out.finish()
}

fn items<T>(mut next: impl FnMut() -> Result<Option<T>, BytesError>) -> Result<Vec<T>, BytesError> {
    let mut items = Vec::new();
    while let Some(item) = next()? {
        items.push(item);
    }
    Ok(items)
}

/// Reads fields of which it knows tags and types, as `like` has them.
fn decode(
    mut record: RecordReader<'_>,
    like: &[(u64, Value)],
) -> Result<(Vec<(u64, Value)>, Unknown), BytesError> {
    let mut fields = Vec::new();
    for (tag, value) in like {
        let value = match value {
            Value::Uvarint(_) => record.uvarint(*tag)?.map(Value::Uvarint),
            Value::Ivarint(_) => record.ivarint(*tag)?.map(Value::Ivarint),
            Value::Bytes(_) => record.bytes(*tag)?.map(|bytes| Value::Bytes(bytes.to_vec())),
            Value::Text(_) => record.text(*tag)?.map(|text| Value::Text(text.to_owned())),
            Value::Record(like) => match record.record(*tag)? {
                Some(inner) => Some(Value::Record(decode(inner, like)?.0)),
                None => None,
            },
            Value::Numbers(_) => match record.list(*tag, Type::Ivarint)? {
                Some(mut list) => Some(Value::Numbers(items(|| list.ivarint())?)),
                None => None,
            },
            Value::Texts(_) => match record.list(*tag, Type::Bytes)? {
                Some(mut list) => {
                    Some(Value::Texts(items(|| Ok(list.text()?.map(str::to_owned)))?))
                }
                None => None,
            },
        };
        fields.extend(value.map(|value| (*tag, value)));
    }
    Ok((fields, record.finish()?))
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(fields in fields()) {
        let bytes = encode(&fields, &Unknown::default());
        let (read, unknown) = decode(RecordReader::new(&bytes), &fields).unwrap();
        prop_assert_eq!(read, fields);
        prop_assert!(unknown.is_empty());
    }

    #[test]
    fn unknown_fields_survive(fields in fields(), mask in any::<u64>()) {
        let bytes = encode(&fields, &Unknown::default());
        let known = (0..64).zip(&fields).filter(|(n, _)| mask >> n & 1 == 1);
        let known: Vec<_> = known.map(|(_, field)| field.clone()).collect();
        let (read, unknown) = decode(RecordReader::new(&bytes), &known).unwrap();
        prop_assert_eq!(&read, &known);
        prop_assert_eq!(unknown.tags().count(), fields.len() - known.len());
        prop_assert_eq!(encode(&known, &unknown), bytes);
        prop_assert_eq!(Unknown::decode(&unknown.encode()).unwrap(), unknown);
    }

    #[test]
    fn accepted_bytes_are_the_only_ones(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = read_uvarint(&bytes) {
            let mut again = Vec::new();
            put_uvarint(&mut again, value);
            prop_assert_eq!(&again, &bytes);
        }
        if let Ok(unknown) = Unknown::decode(&bytes) {
            prop_assert_eq!(unknown.encode(), bytes);
        }
    }

    #[test]
    fn a_changed_record_is_refused_or_canonical(
        fields in fields(),
        at in any::<prop::sample::Index>(),
        to in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = encode(&fields, &Unknown::default());
        prop_assume!(!bytes.is_empty());
        let at = at.index(bytes.len());
        bytes[at] = to;
        bytes.truncate(cut.index(bytes.len()) + 1);
        if let Ok(unknown) = Unknown::decode(&bytes) {
            prop_assert_eq!(unknown.encode(), bytes.clone());
        }
        // Of what is unknown within an inner record, `decode` says nothing.
        let inner = |(_, value): &(u64, Value)| matches!(value, Value::Record(_));
        if !fields.iter().any(inner)
            && let Ok((read, unknown)) = decode(RecordReader::new(&bytes), &fields)
        {
            prop_assert_eq!(encode(&read, &unknown), bytes);
        }
    }
}
