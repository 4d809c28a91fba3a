//! Waiting for something that can be seen, with an end.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Asks again and again until there is an answer, for at most `limit`.
///
/// # Errors
/// No answer in time, or asking failed.
pub fn until<T>(
    what: &str,
    limit: Duration,
    mut ask: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        if start.elapsed() > limit {
            bail!("{what}: not within {} s", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_with_an_answer_or_in_time() {
        let mut asked = 0;
        let answer = until("third", Duration::from_secs(5), || {
            asked += 1;
            Ok((asked == 3).then_some("here"))
        });
        assert_eq!(answer.unwrap(), "here");
        let never = until::<()>("never", Duration::ZERO, || Ok(None));
        assert!(never.unwrap_err().to_string().starts_with("never: not within"));
    }
}
