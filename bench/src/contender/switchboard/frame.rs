//! What a frame of the live protocol means, read without parsing it whole.

use std::collections::HashMap;

use memchr::memmem;

use crate::contender::Heard;

/// Reads no more of a frame than tells what it is; the order of names in an answer is nobody's business.
pub(super) fn hear(frame: &[u8], numbers: &HashMap<u64, u64>) -> Heard {
    if let Some((seq, rest)) = frame.strip_prefix(br#"{"seq":"#).and_then(leading_number) {
        // The last key is the message's own; a conversation shows no keys.
        let number = memmem::rfind(rest, br#""key":""#).and_then(|at| hex_at(rest, at + 7 + 24));
        let is_event = || memmem::find(rest, br#""topic":"#).is_some();
        return match number {
            Some(number) => Heard::Delivery { number, seq },
            None if is_event() => Heard::Event(seq),
            None => Heard::Other,
        };
    }
    if let Some((number, rest)) = frame.strip_prefix(br#"{"id":"#).and_then(leading_number) {
        let ok = rest.starts_with(br#","ok":true"#);
        return if ok {
            Heard::Done(number)
        } else {
            Heard::Refused(number)
        };
    }
    if let Some(number) = frame.strip_suffix(br#","ok":true}"#).and_then(trailing_number) {
        return Heard::Done(number);
    }
    memmem::find(frame, br#""conversation_id":""#)
        .and_then(|at| hex_at(frame, at + 19 + 24))
        .and_then(|tail| numbers.get(&tail))
        .map_or(Heard::Other, |&number| Heard::Delivery { number, seq: 0 })
}

fn trailing_number(text: &[u8]) -> Option<u64> {
    let length = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (_, digits) = text.split_at_checked(text.len() - length)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn leading_number(text: &[u8]) -> Option<(u64, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(length)?;
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

/// The twelve hexadecimal digits that end a UUID.
fn hex_at(text: &[u8], at: usize) -> Option<u64> {
    let digits = std::str::from_utf8(text.get(at..at + 12)?).ok()?;
    u64::from_str_radix(digits, 16).ok()
}

/// The numbers that conversations stand for when something is published.
pub(super) fn numbers(conversations: &[String]) -> HashMap<u64, u64> {
    let tails = conversations.iter().filter_map(|id| hex_at(id.as_bytes(), 24));
    tails.zip(0..).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_tells_what_it_is() {
        let ids = [
            "01a1fd10-9001-74f9-b8b5-33054427c6b5".to_owned(),
            "01a1fd10-9001-74f9-b8b5-33054427c6b6".to_owned(),
        ];
        let numbers = numbers(&ids);
        let cases = [
            (r#"{"id":7,"ok":true,"data":{}}"#, Heard::Done(7)),
            (r#"{"data":{"id":"x"},"id":9,"ok":true}"#, Heard::Done(9)),
            (r#"{"id":8,"ok":false,"problem":{}}"#, Heard::Refused(8)),
            (
                r#"{"seq":531,"at":"x","data":{"message":{"key":"00000000-0000-4000-8000-0000000000ff","at":"y"}}}"#,
                Heard::Delivery { number: 255, seq: 531 },
            ),
            (
                r#"{"type":"typing","data":{"conversation_id":"01a1fd10-9001-74f9-b8b5-33054427c6b6","on":true}}"#,
                Heard::Delivery { number: 1, seq: 0 },
            ),
            (
                r#"{"seq":9,"at":"x","topic":"inbox","type":"contact.created","data":{}}"#,
                Heard::Event(9),
            ),
            (r#"{"type":"beat","seq":4,"at":"x"}"#, Heard::Other),
            (r#"{"seq":4,"type":"beat","at":"x"}"#, Heard::Other),
        ];
        for (frame, expect) in cases {
            assert_eq!(hear(frame.as_bytes(), &numbers), expect, "{frame}");
        }
    }
}
