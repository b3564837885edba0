//! WebSocket frames as bytes: built once, and sent to as many sockets as want them.

use actix_http::ws::{CloseCode, CloseReason, OpCode, Parser};
use actix_web::web::{BufMut, Bytes, BytesMut};

const MAX_HEADER: usize = 10;

/// A text frame; the text may come in pieces.
pub(crate) fn text(pieces: &[&str]) -> Bytes {
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    let mut out = BytesMut::with_capacity(MAX_HEADER + length);
    out.put_u8(0x81);
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ ..=125), _) => out.put_u8(short),
        (_, Ok(medium)) => {
            out.put_u8(126);
            out.put_u16(medium);
        }
        _ => {
            out.put_u8(127);
            out.put_u64(length as u64);
        }
    }
    pieces.iter().for_each(|piece| out.put_slice(piece.as_bytes()));
    out.freeze()
}

pub(crate) fn ping(payload: &[u8]) -> Bytes {
    frame(OpCode::Ping, payload)
}

pub(crate) fn pong(payload: &[u8]) -> Bytes {
    frame(OpCode::Pong, payload)
}

pub(crate) fn close(code: u16, why: &str) -> Bytes {
    let mut out = BytesMut::new();
    let description = Some(why.chars().take(100).collect());
    let reason = CloseReason {
        code: CloseCode::from(code),
        description,
    };
    Parser::write_close(&mut out, Some(reason), false);
    out.freeze()
}

/// The text in a frame made by `text`.
pub(crate) fn text_of(frame: &[u8]) -> Option<&str> {
    let header = match frame.get(1)? {
        126 => 4,
        127 => MAX_HEADER,
        _ => 2,
    };
    std::str::from_utf8(frame.get(header..)?).ok()
}

fn frame(op: OpCode, payload: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(MAX_HEADER + payload.len());
    Parser::write_message(&mut out, payload, op, true, false);
    out.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_what_the_standard_says() {
        assert_eq!(text(&["h", "i"]).as_ref(), b"\x81\x02hi");
        assert_eq!(text(&[&"x".repeat(200)]).get(..4), Some(&b"\x81\x7e\x00\xc8"[..]));
        assert_eq!(ping(b"7").as_ref(), b"\x89\x017");
        assert_eq!(pong(b"").as_ref(), b"\x8a\x00");
        assert_eq!(close(4401, "no").as_ref(), b"\x88\x04\x11\x31no");
        let long = text(&[&"x".repeat(70_000)]);
        assert_eq!(text_of(&long).map(str::len), Some(70_000));
        assert_eq!(text_of(&text(&[&"y".repeat(300)])).map(str::len), Some(300));
        assert_eq!(text_of(&text(&["hi"])), Some("hi"));
        assert_eq!(long.get(..10), Some(&b"\x81\x7f\0\0\0\0\0\x01\x11\x70"[..]));
    }
}
