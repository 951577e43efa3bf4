//! Where a session comes from: a scenario by name, a file, or a link.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use exo_libos_samples::SCENARIOS;
use exo_session::saved::{self, Opened, Read, SavedSession, Supply, TraceName, from_link, is_link};
use exo_session::{NamedTrace, ReadOptions};

use crate::Failure;
use crate::run::read as read_trace;

/// A session as it was written down, and where.
pub struct Found {
    /// What stands there.
    pub saved: SavedSession,
    /// What it is called in a sentence.
    pub shown: String,
    /// The folder in which its files are looked for.
    folder: PathBuf,
}

/// Reads a session by a scenario's name, from a file, or from a link. What has changed since is said
/// on standard error.
pub fn find(session: &str) -> Result<Found, Failure> {
    let path = Path::new(session);
    let (read, shown, folder) = if let Some(known) = exo_libos_samples::scenario(session) {
        (
            of_text(session, known.text)?,
            session.to_owned(),
            PathBuf::from("."),
        )
    } else if path.is_file() {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::Input(format!("cannot read {session}: {error}")))?;
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        (of_text(session, &text)?, session.to_owned(), folder)
    } else if is_link(session) {
        let read = from_link(session).map_err(|error| Failure::Input(error.to_string()))?;
        (read, "the link".to_owned(), PathBuf::from("."))
    } else {
        let names: Vec<&str> = SCENARIOS.iter().map(|it| it.name).collect();
        return Err(Failure::Input(format!(
            "there is no session {session:?}: name a file, a link (in quotes, with its #v1.), or one \
             of the scenarios that come along: {}",
            names.join(", ")
        )));
    };
    for notice in &read.notices {
        eprintln!("exo: note: {notice}");
    }
    Ok(Found {
        saved: read.saved,
        shown,
        folder,
    })
}

fn of_text(shown: &str, text: &str) -> Result<Read, Failure> {
    saved::read(text).map_err(|error| Failure::Input(format!("{shown}: {error}")))
}

impl Found {
    /// Makes the session, at reset. `traces` are files that were named for it.
    pub fn open(&self, traces: &[PathBuf]) -> Result<Opened, Failure> {
        let mut files = Files {
            folder: &self.folder,
            traces,
        };
        let opened = saved::open(&self.saved, &mut files);
        let opened = opened.map_err(|error| Failure::Input(format!("{}: {error}", self.shown)))?;
        for notice in &opened.notices {
            eprintln!("exo: note: {notice}");
        }
        Ok(opened)
    }
}

/// Files beside the session, and those that were named.
struct Files<'run> {
    folder: &'run Path,
    traces: &'run [PathBuf],
}

impl Supply for Files<'_> {
    fn trace(&mut self, wanted: &TraceName) -> Result<Arc<NamedTrace>, String> {
        let named = self.traces.iter().find(|path| {
            let file = path.file_name().map(|name| name.to_string_lossy());
            self.traces.len() == 1 || file.is_some_and(|file| file == wanted.name.as_str())
        });
        let path = named
            .cloned()
            .unwrap_or_else(|| self.folder.join(&wanted.name));
        if !path.is_file() {
            let length = wanted.references.map_or_else(String::new, |references| {
                format!(" ({references} references)")
            });
            return Err(format!(
                "there is no file {}{length}: name it with --trace FILE",
                path.display()
            ));
        }
        let options = ReadOptions {
            stream: wanted.stream,
            references_max: wanted.references,
            page_bits: wanted.page_bits,
        };
        match read_trace(&path, &options) {
            Ok(trace) => Ok(Arc::new(trace)),
            Err(Failure::Input(message) | Failure::Run(message)) => Err(message),
        }
    }

    fn capture(&mut self, name: &str) -> Result<Vec<u8>, String> {
        let path = self.folder.join(name);
        std::fs::read(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
    }

    fn source(&mut self, name: &str) -> Result<String, String> {
        let path = self.folder.join(name);
        std::fs::read_to_string(&path)
            .map_err(|error| format!("{} cannot be read: {error}", path.display()))
    }
}
