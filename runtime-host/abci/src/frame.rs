//! Messages on the socket: a length as an unsigned varint, then that many bytes of protobuf.

use std::io::{self, BufRead, Read, Write};

use prost::bytes::Bytes;
use prost::Message;

/// Most bytes of one message (CometBFT's own bound on its side of the socket).
pub const FRAME_BYTES_MAX: u64 = 104_857_600;
/// Most bytes of a length.
const LENGTH_BYTES_MAX: u32 = 10;
/// Bytes that are reserved on the word of a length alone; what really comes may make the buffer grow.
const RESERVE_MAX: u64 = 1 << 20;

/// Why a connection cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The socket broke, also in the middle of a message.
    #[error("the socket: {0}")]
    Io(#[from] io::Error),
    /// The length is not a varint of 64 bits.
    #[error("the length of a message is malformed")]
    Length,
    /// The message is larger than [`FRAME_BYTES_MAX`].
    #[error("a message of {len} bytes; at most {FRAME_BYTES_MAX} are allowed")]
    TooLarge {
        /// Announced length.
        len: u64,
    },
    /// The bytes are not the message.
    #[error("a message cannot be decoded: {0}")]
    Decode(#[from] prost::DecodeError),
}

/// Reads one message; `None` at an orderly end, between two messages.
///
/// # Errors
/// See [`FrameError`].
pub fn read_frame<M: Message + Default>(from: &mut impl BufRead) -> Result<Option<M>, FrameError> {
    let Some(len) = read_length(from)? else { return Ok(None) };
    if len > FRAME_BYTES_MAX {
        return Err(FrameError::TooLarge { len });
    }
    let reserve = usize::try_from(len.min(RESERVE_MAX)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(reserve);
    let read = from.by_ref().take(len).read_to_end(&mut bytes)?;
    if read as u64 != len {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    // Transactions inside stay slices of this one buffer.
    Ok(Some(M::decode(Bytes::from(bytes))?))
}

fn read_length(from: &mut impl BufRead) -> Result<Option<u64>, FrameError> {
    if from.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut len = 0u64;
    for position in 0..LENGTH_BYTES_MAX {
        let mut byte = [0u8; 1];
        from.read_exact(&mut byte)?;
        let bits = u64::from(byte[0] & 0x7f);
        let shift = 7 * position;
        if shift == 63 && bits > 1 {
            return Err(FrameError::Length);
        }
        len |= bits << shift;
        if byte[0] & 0x80 == 0 {
            return Ok(Some(len));
        }
    }
    Err(FrameError::Length)
}

/// Writes one message; nothing is flushed.
///
/// # Errors
/// Of the socket.
pub fn write_frame(to: &mut impl Write, message: &impl Message) -> io::Result<()> {
    to.write_all(&message.encode_length_delimited_to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tendermint_proto::v0_38::abci::{request, Request, RequestEcho};

    fn echo(len: usize) -> Request {
        Request { value: Some(request::Value::Echo(RequestEcho { message: "x".repeat(len) })) }
    }

    #[test]
    fn messages_of_all_lengths_come_back_and_the_end_is_seen() {
        let mut wire = Vec::new();
        for len in [0, 1, 120, 121, 130, 16_400, 70_000] {
            write_frame(&mut wire, &echo(len)).unwrap();
        }
        let mut from = wire.as_slice();
        for len in [0, 1, 120, 121, 130, 16_400, 70_000] {
            assert_eq!(read_frame::<Request>(&mut from).unwrap(), Some(echo(len)));
        }
        assert!(read_frame::<Request>(&mut from).unwrap().is_none());
    }

    #[test]
    fn every_way_to_break_a_frame_has_its_error_and_no_panic() {
        let read = |bytes: &[u8]| read_frame::<Request>(&mut &bytes[..]);
        assert!(matches!(read(&[0xff; 11]), Err(FrameError::Length)));
        assert!(matches!(
            read(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]),
            Err(FrameError::Length)
        ));
        assert!(matches!(read(&[0x80]), Err(FrameError::Io(_))));
        assert!(matches!(read(&[5, 1, 2]), Err(FrameError::Io(_))));
        assert!(matches!(read(&[2, 0xff, 0xff]), Err(FrameError::Decode(_))));
        // 200 MB announced: refused before anything is read.
        assert!(matches!(
            read(&[0x80, 0x84, 0xaf, 0x5f]),
            Err(FrameError::TooLarge { len: 200_000_000 })
        ));
    }
}
