//! `exo net`: whose each packet of a capture is, and what it takes to find out.

mod show;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use exo_core::kernel::filter::Engine;
use exo_net::capture::{self, Capture};
use exo_net::{FilterFile, read_filters};

use crate::Failure;

const HELP: &str = "\
exo net --pcap FILE --filters FILE says which filter has each packet of a capture (pcap or pcapng; - is
standard input), by one of three engines, and how many cycles that takes.

A capture and filters for it come along:
  exo net --pcap static/sample.pcap --filters static/sample.filters

With --out FILE.pcapng the packets are written too, each with a comment that says which filter has it and
whose that is, for Wireshark and tshark.

A file of filters has one a line, `owner: expression`, in tcpdump's language (docs/network.md):
  web: tcp dst port 80
  rest (yields): ip";

/// What to look at.
#[derive(Debug, Args)]
pub struct NetArguments {
    /// The capture: pcap or pcapng, of Ethernet frames; - for standard input.
    #[arg(long, value_name = "FILE", requires = "filters")]
    pcap: Option<PathBuf>,
    /// The filters, one a line, `owner: expression`; - for standard input.
    #[arg(long, value_name = "FILE", requires = "pcap")]
    filters: Option<PathBuf>,
    /// How the filters are run: the verdicts are the same, the cycles are not.
    #[arg(long, value_enum, default_value_t = EngineName::Compiled)]
    engine: EngineName,
    /// Prints one JSON object for each packet, a line each.
    #[arg(long, requires = "pcap")]
    json: bool,
    /// Writes the packets to this file too, in pcapng, each with a comment that says whose it is.
    #[arg(long, value_name = "FILE", requires = "pcap")]
    out: Option<PathBuf>,
}

/// The engines, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EngineName {
    /// One filter after the other, interpreted (MPF).
    Linear,
    /// Merged into a trie, interpreted cell by cell (PATHFINDER).
    Trie,
    /// Merged and compiled (DPF).
    Compiled,
}

impl EngineName {
    fn engine(self) -> Engine {
        match self {
            EngineName::Linear => Engine::Linear,
            EngineName::Trie => Engine::Trie,
            EngineName::Compiled => Engine::Compiled,
        }
    }
}

/// Classifies and prints; without files says how it is used.
///
/// # Errors
/// [`Failure::Input`] if a file cannot be read or is wrong. A capture that is damaged further on fails
/// after its whole packets were printed.
pub fn net(arguments: &NetArguments) -> Result<(), Failure> {
    let (Some(pcap), Some(filters)) = (&arguments.pcap, &arguments.filters) else {
        return crate::print(HELP);
    };
    if is_input(pcap) && is_input(filters) {
        let text = "only one of --pcap and --filters can be standard input";
        return Err(Failure::Input(text.to_owned()));
    }
    let text = bytes(filters, "filters", exo_net::filters::FILE_BYTES_MAX)?;
    let text = String::from_utf8(text).map_err(|_| {
        let shown = shown(filters);
        Failure::Input(format!(
            "{shown}: this is no text: filters are written in UTF-8, one a line"
        ))
    })?;
    let file = read_filters(&text)
        .map_err(|error| Failure::Input(format!("{}:{error}", shown(filters))))?;
    let bytes = bytes(pcap, "capture", capture::CAPTURE_BYTES_MAX)?;
    let capture = capture::read(&bytes);
    print(arguments, &file, &capture)?;
    match capture.error {
        None => Ok(()),
        Some(error) => Err(Failure::Input(format!("{}: {error}", shown(pcap)))),
    }
}

fn print(
    arguments: &NetArguments,
    file: &FilterFile,
    capture: &Capture<'_>,
) -> Result<(), Failure> {
    if capture.packets.is_empty() && capture.error.is_some() {
        return Ok(());
    }
    let engine = arguments.engine.engine();
    if let Some(out) = &arguments.out {
        let written = show::commented(file, capture, engine);
        std::fs::write(out, written)
            .map_err(|error| Failure::Input(format!("cannot write {}: {error}", out.display())))?;
    }
    if arguments.json {
        return show::objects(file, capture, engine);
    }
    crate::print(&show::table(file, capture, engine))
}

fn is_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// How a file is named in a sentence.
fn shown(path: &Path) -> String {
    match is_input(path) {
        true => "standard input".to_owned(),
        false => path.display().to_string(),
    }
}

/// The bytes of a file or of standard input, one more than `most` if there are so many.
fn bytes(path: &Path, what: &str, most: usize) -> Result<Vec<u8>, Failure> {
    let cannot = |error| Failure::Input(format!("cannot read the {what} {}: {error}", shown(path)));
    let mut bytes = Vec::new();
    let most = most as u64 + 1;
    let read = if is_input(path) {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        let file = std::fs::File::open(path).map_err(cannot)?;
        file.take(most).read_to_end(&mut bytes)
    };
    read.map_err(cannot)?;
    Ok(bytes)
}
