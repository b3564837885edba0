//! WebSocket frames: what a server sends is read in place, what a client sends carries a mask of zeros.

use std::fmt;

/// What a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opcode {
    /// Text, or a part of one.
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

/// A frame that lies whole in the bytes that were read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    pub(crate) opcode: Opcode,
    pub(crate) payload: &'a [u8],
    /// The bytes that follow the frame.
    pub(crate) rest: &'a [u8],
}

/// Why bytes are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAFrame;

impl fmt::Display for NotAFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a frame that a server sends here")
    }
}

impl std::error::Error for NotAFrame {}

/// The frame at the beginning, or nothing while it is not whole.
pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Frame<'_>>, NotAFrame> {
    let Some(([first, second], after)) = bytes.split_first_chunk() else {
        return Ok(None);
    };
    let opcode = opcode(*first)?;
    let Some((length, after)) = length(*second, after)? else {
        return Ok(None);
    };
    Ok(after
        .split_at_checked(length)
        .map(|(payload, rest)| Frame { opcode, payload, rest }))
}

/// Appends a client's frame.
pub(crate) fn write(into: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
    const MASKED: u8 = 0x80;
    into.push(match opcode {
        Opcode::Text => 0x81,
        Opcode::Binary => 0x82,
        Opcode::Close => 0x88,
        Opcode::Ping => 0x89,
        Opcode::Pong => 0x8A,
    });
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ ..126), _) => into.push(MASKED | short),
        (_, Ok(medium)) => {
            into.push(MASKED | 126);
            into.extend_from_slice(&medium.to_be_bytes());
        }
        _ => {
            into.push(MASKED | 127);
            into.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    into.extend_from_slice(&[0; 4]);
    into.extend_from_slice(payload);
}

/// No server here splits a message into several frames, or compresses one.
fn opcode(first: u8) -> Result<Opcode, NotAFrame> {
    match first {
        0x81 => Ok(Opcode::Text),
        0x82 => Ok(Opcode::Binary),
        0x88 => Ok(Opcode::Close),
        0x89 => Ok(Opcode::Ping),
        0x8A => Ok(Opcode::Pong),
        _ => Err(NotAFrame),
    }
}

fn length(second: u8, after: &[u8]) -> Result<Option<(usize, &[u8])>, NotAFrame> {
    let short = match second {
        short @ ..126 => return Ok(Some((usize::from(short), after))),
        126 => after
            .split_first_chunk()
            .map(|(length, after)| (u64::from(u16::from_be_bytes(*length)), after)),
        127 => after
            .split_first_chunk()
            .map(|(length, after)| (u64::from_be_bytes(*length), after)),
        // A server does not mask.
        _ => return Err(NotAFrame),
    };
    let Some((length, after)) = short else {
        return Ok(None);
    };
    let length = usize::try_from(length).ok().ok_or(NotAFrame)?;
    Ok(Some((length, after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(length: usize) -> Vec<u8> {
        let mut bytes = vec![];
        write(&mut bytes, Opcode::Text, &vec![b'x'; length]);
        let header = bytes.len() - length;
        bytes[1] &= 0x7F;
        bytes.drain(header - 4..header);
        bytes
    }

    #[test]
    fn frames_of_every_size_are_read_where_they_lie() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let mut bytes = served(length);
            bytes.extend_from_slice(b"next");
            let frame = parse(&bytes).unwrap().unwrap();
            assert_eq!(
                (frame.payload.len(), frame.rest),
                (length, b"next".as_slice()),
                "{length}"
            );
        }
    }

    #[test]
    fn a_frame_that_is_not_whole_waits_for_the_rest() {
        let bytes = served(300);
        for cut in [0, 1, 2, 3, 4, 303] {
            assert_eq!(parse(&bytes[..cut]), Ok(None), "{cut}");
        }
    }

    #[test]
    fn what_no_server_sends_is_refused() {
        let split = [0x01, 1, b'x'];
        let masked = [0x81, 0x81, 0, 0, 0, 0, b'x'];
        let compressed = [0xC1, 1, b'x'];
        for bytes in [&split[..], &masked, &compressed] {
            assert_eq!(parse(bytes), Err(NotAFrame));
        }
    }

    #[test]
    fn a_client_masks_with_zeros() {
        let mut bytes = vec![];
        write(&mut bytes, Opcode::Pong, b"hi");
        assert_eq!(bytes, [0x8A, 0x82, 0, 0, 0, 0, b'h', b'i']);
    }
}
