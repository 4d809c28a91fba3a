//! Pages of a list: a cursor says where the next one begins. It is opaque, and of one list only.

use std::str::FromStr;

use actix_web::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem::ApiError;

/// Items of a page unless a request says otherwise.
const USUAL: u32 = 50;
/// Items of a page at the most.
const MOST: u32 = 200;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Page<T: ToSchema> {
    /// The items.
    items: Vec<T>,
    /// Where the next page begins; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Which page is asked for.
#[derive(Debug)]
pub(in crate::http) struct Paging {
    list: &'static str,
    limit: u32,
    /// The key of the last item of the page before.
    after: Option<String>,
}

impl Paging {
    /// The page of `list` that `limit` and `cursor` of a query ask for.
    pub(in crate::http) fn of(
        list: &'static str,
        limit: Option<u32>,
        cursor: Option<&str>,
    ) -> Result<Self, ApiError> {
        let limit = limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(refused("limit", format!("limit: write 1 to {MOST}")));
        }
        let after = cursor.map(|cursor| key(list, cursor).ok_or_else(bad_cursor)).transpose()?;
        Ok(Self { list, limit, after })
    }

    /// The key in the cursor as a number, id or text; nothing on the first page.
    pub(in crate::http) fn key<K: FromStr>(&self) -> Result<Option<K>, ApiError> {
        self.after.as_deref().map(|key| key.parse().map_err(|_| bad_cursor())).transpose()
    }

    /// How many items to read: one more than the page has, so that the last page is known.
    pub(in crate::http) fn to_read(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The page of what was read; `key` is that of an item.
    pub(in crate::http) fn page<R, T: ToSchema>(
        &self,
        mut rows: Vec<R>,
        key: impl Fn(&R) -> String,
        item: impl Fn(R) -> T,
    ) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more);
        let next_cursor = last.map(|row| {
            let text = format!("{}:{}", self.list, key(row));
            text.bytes().map(|byte| format!("{byte:02x}")).collect()
        });
        Page { items: rows.into_iter().map(item).collect(), next_cursor }
    }
}

fn refused(field: &str, detail: String) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "invalid_query", detail).with("field", field)
}

fn bad_cursor() -> ApiError {
    refused("cursor", "cursor: give back next_cursor of this list".into())
}

fn key(list: &str, cursor: &str) -> Option<String> {
    let byte = |at: usize| u8::from_str_radix(cursor.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..cursor.len()).step_by(2).map(byte).collect();
    let text = String::from_utf8(bytes?).ok()?;
    let (of, key) = text.split_once(':')?;
    (of == list).then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let all: Vec<u32> = (1..=5).collect();
        let mut seen = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let paging = Paging::of("numbers", Some(2), cursor.as_deref()).unwrap();
            let after: u32 = paging.key().unwrap().unwrap_or(0);
            let to_read = usize::try_from(paging.to_read()).unwrap();
            let rows = all.iter().copied().filter(|n| *n > after).take(to_read).collect();
            let page = paging.page(rows, ToString::to_string, |n: u32| n);
            assert!(page.items.len() <= 2);
            seen.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, all);
    }

    #[test]
    fn foreign_cursors_and_limits_are_refused() {
        let paging = Paging::of("numbers", Some(1), None).unwrap();
        let cursor = paging.page(vec![1, 2], ToString::to_string, |n: u32| n).next_cursor.unwrap();
        assert!(Paging::of("numbers", None, Some(&cursor)).is_ok());
        for (list, limit, cursor) in [
            ("letters", None, Some(cursor.as_str())),
            ("numbers", None, Some("zz")),
            ("numbers", None, Some("é")),
            ("numbers", None, Some("616")),
            ("numbers", Some(0), None),
            ("numbers", Some(201), None),
        ] {
            assert!(Paging::of(list, limit, cursor).is_err(), "{list} {limit:?} {cursor:?}");
        }
        let other: String = "numbers:x".bytes().map(|b| format!("{b:02x}")).collect();
        assert!(Paging::of("numbers", None, Some(&other)).unwrap().key::<u32>().is_err());
    }
}
