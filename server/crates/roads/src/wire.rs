//! Flat little-endian tables: lists are a count and their values.

use crate::error::OpenError;

const SHORT: OpenError = OpenError::Corrupted { what: "a table ends early" };

/// Collects values.
#[derive(Debug, Default)]
pub(crate) struct Out(pub(crate) Vec<u8>);

impl Out {
    pub(crate) fn u64(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn f64(&mut self, value: f64) {
        self.u64(value.to_bits());
    }

    pub(crate) fn count(&mut self, count: usize) {
        self.u64(u64::try_from(count).unwrap_or(u64::MAX));
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    /// A list of records of `N` numbers.
    pub(crate) fn records<const N: usize>(
        &mut self,
        list: impl ExactSizeIterator<Item = [u32; N]>,
    ) {
        self.count(list.len());
        self.0.reserve(list.len() * N * 4);
        for value in list.flatten() {
            self.0.extend_from_slice(&value.to_le_bytes());
        }
    }
}

/// Takes values from the front of what is left.
#[derive(Debug)]
pub(crate) struct In<'a>(pub(crate) &'a [u8]);

impl<'a> In<'a> {
    fn take(&mut self, bytes: usize) -> Result<&'a [u8], OpenError> {
        let (head, tail) = self.0.split_at_checked(bytes).ok_or(SHORT)?;
        self.0 = tail;
        Ok(head)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, OpenError> {
        let bytes = self.take(8)?.first_chunk().ok_or(SHORT)?;
        Ok(u64::from_le_bytes(*bytes))
    }

    pub(crate) fn f64(&mut self) -> Result<f64, OpenError> {
        Ok(f64::from_bits(self.u64()?))
    }

    fn count(&mut self) -> Result<usize, OpenError> {
        usize::try_from(self.u64()?).map_err(|_| SHORT)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, OpenError> {
        let count = self.count()?;
        let bytes = self.take(count)?;
        std::str::from_utf8(bytes).map_err(|_| OpenError::Corrupted { what: "a text" })
    }

    /// A list of records of `N` numbers, each made into a `T`.
    pub(crate) fn records<const N: usize, T>(
        &mut self,
        make: impl Fn([u32; N]) -> T,
    ) -> Result<Vec<T>, OpenError> {
        let count = self.count()?;
        let bytes = self.take(count.checked_mul(4 * N).ok_or(SHORT)?)?;
        let record = |bytes: &[u8]| {
            let (words, _) = bytes.as_chunks::<4>();
            make(std::array::from_fn(|n| words.get(n).map_or(0, |w| u32::from_le_bytes(*w))))
        };
        Ok(bytes.chunks_exact(4 * N).map(record).collect())
    }
}
