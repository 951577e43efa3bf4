//! Reading a trace file as it streams in, with a word to whoever waits.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use exo_session::{NamedTrace, ReadOptions, TraceReader};

use crate::Failure;

/// Reads a trace file as it streams in.
pub fn read(path: &Path, options: &ReadOptions) -> Result<NamedTrace, Failure> {
    let shown = path.display();
    let cannot = |error| Failure::Input(format!("cannot read the trace {shown}: {error}"));
    let wrong = |error| Failure::Input(format!("{shown}: {error}"));
    let mut file = File::open(path).map_err(cannot)?;
    let mut reader = TraceReader::new(*options);
    let mut buffer = vec![0; 1 << 18];
    let mut progress = Progress::new();
    loop {
        let length = file.read(&mut buffer).map_err(cannot)?;
        if length == 0 || reader.full() {
            break;
        }
        reader.push(&buffer[..length]).map_err(wrong)?;
        progress.say(|| format!("read {} references", reader.references()));
    }
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    reader.finish(&name).map_err(wrong)
}

/// A word to a person who waits, at most once a second, and none where nobody looks.
pub struct Progress {
    last: Instant,
    shown: bool,
}

impl Progress {
    pub fn new() -> Progress {
        Progress {
            last: Instant::now(),
            shown: std::io::stderr().is_terminal(),
        }
    }

    pub fn say(&mut self, text: impl FnOnce() -> String) {
        if self.shown && self.last.elapsed() >= Duration::from_secs(1) {
            self.last = Instant::now();
            eprintln!("exo: {}", text());
        }
    }
}
