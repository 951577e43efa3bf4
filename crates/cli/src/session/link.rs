//! `exo link`: a session as a link, and a link as a session.

use std::path::PathBuf;

use clap::Args;
use exo_session::saved::{Form, to_link, write};

use super::source::find;
use crate::{Failure, print};

/// What to link.
#[derive(Debug, Args)]
pub struct LinkArguments {
    /// A scenario that comes along (exo scenario list), a scenario's or session's file, or a link.
    session: String,
    /// The address of a page that the link opens; the fragment alone unless you say.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "unpack")]
    page: Option<String>,
    /// Instead of the link, the session's text: what a link holds, to read.
    #[arg(long)]
    unpack: bool,
    /// The file of a trace that the session runs on and does not hold.
    #[arg(long, value_name = "FILE")]
    trace: Vec<PathBuf>,
}

/// Prints the link of a session; one that cannot be opened has none.
pub fn link(arguments: &LinkArguments) -> Result<(), Failure> {
    let found = find(&arguments.session)?;
    if arguments.unpack {
        return print(write(&found.saved, Form::File).trim_end());
    }
    let mut opened = found.open(&arguments.trace)?;
    opened.session.go_to(opened.position);
    if let Some(differs) = opened.differs() {
        eprintln!("exo: note: {differs}");
    }
    // Sources that lie in files beside it become its own, and its traces have hashes.
    let link = to_link(&opened.saved()).map_err(|error| Failure::Input(error.to_string()))?;
    let page = arguments.page.as_deref().unwrap_or_default();
    print(&format!("{page}{link}"))
}
