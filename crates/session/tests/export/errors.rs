//! A window that is none, and a place that takes nothing, are said in a sentence; nothing is half done.

use std::io::{self, Write};

use exo_core::ids::Position;
use exo_session::export::{ExportError, Format, Options, export};

use crate::runs::{short, unit};

const FORMATS: [Format; 4] = [
    Format::Perfetto,
    Format::Csv,
    Format::JsonLines,
    Format::Svg,
];

#[test]
fn a_window_that_is_none_writes_nothing() {
    let mut session = short().session;
    let end = {
        session.run_slice(u64::MAX);
        session.machine().position()
    };
    let beyond = Position {
        retired: end.retired,
        event: end.event + 1,
    };
    let cases = [
        (
            unit(9),
            Some(unit(8)),
            "position 8.0 lies before position 9.0".to_owned(),
        ),
        (
            unit(0),
            Some(beyond),
            format!("there is no position {beyond}: the run ends at position {end}"),
        ),
        (
            unit(u64::MAX),
            None,
            format!("there is no position {}.0", u64::MAX),
        ),
        (
            beyond,
            Some(unit(u64::MAX)),
            format!("there is no position {}.0", u64::MAX),
        ),
    ];
    for (from, to, says) in cases {
        for format in FORMATS {
            let options = Options {
                from,
                to,
                ..Options::default()
            };
            let mut out = Vec::new();
            let error = export(&mut session, format, &options, &mut out).unwrap_err();
            assert!(error.to_string().starts_with(&says), "{error}");
            assert!(out.is_empty());
            assert_eq!(session.machine().position(), end);
        }
    }
}

/// Takes so many bytes and no more.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        match taken {
            0 => Err(io::Error::other("full")),
            _ => Ok(taken),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0 {
            0 => Err(io::Error::other("full")),
            _ => Ok(()),
        }
    }
}

#[test]
fn a_place_that_is_full_is_an_error_wherever_that_happens() {
    let mut session = short().session;
    for format in FORMATS {
        for room in [0, 1, 50, 3_000] {
            let error = export(&mut session, format, &Options::default(), Full(room));
            let error = error.unwrap_err();
            assert!(matches!(error, ExportError::Write(_)), "{format:?} {room}");
            assert_eq!(error.to_string(), "full");
            assert_eq!(session.machine().position(), unit(0));
        }
    }
}
