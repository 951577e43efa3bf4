//! The network of a run: who is at the other end, and what the link is like.

use std::path::Path;
use std::sync::Arc;

use clap::Args;
use exo_session::network::{NetworkShape, NetworkSpec, PEERS_MAX, PeerSpec};

use crate::Failure;

/// A network. Without a peer there is none.
#[derive(Debug, Args)]
pub struct NetworkArguments {
    /// Gives the machine a network, with this at the other end: a kind, and what differs from what is usual for it,
    /// as in ping,count=3,interval=2ms or udp-echo,target=10.0.0.16,size=18,512. docs/network.md has the kinds and
    /// their keys. May be given several times.
    #[arg(long, value_name = "KIND[,KEY=VALUE...]", value_parser = parse_peer)]
    pub peer: Vec<PeerSpec>,
    /// What the link to them is like, as in lost=30,doubled=30,latency=500, with the keys that scenarios have:
    /// packets of a thousand that are lost, doubled or delayed; times in cycles.
    #[arg(long, value_name = "KEY=VALUE[,...]", requires = "peer", value_parser = parse_link)]
    link: Option<NetworkShape>,
}

/// Words between commas: each key with its value. What has no key goes on with the list before it.
fn pairs(text: &str) -> Result<Vec<(&str, String)>, String> {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    for part in text.split(',') {
        match (part.split_once('='), pairs.last_mut()) {
            (Some((key, value)), _) => {
                let key = key.trim();
                if pairs.iter().any(|(before, _)| *before == key) {
                    return Err(format!("{key} is there twice"));
                }
                pairs.push((key, value.trim().to_owned()));
            }
            (None, Some((_, list))) => *list += &format!(", {}", part.trim()),
            (None, None) => return Err(format!("{part:?} is no KEY=VALUE")),
        }
    }
    Ok(pairs)
}

fn parse_peer(text: &str) -> Result<PeerSpec, String> {
    let (kind, rest) = text.split_once(',').unwrap_or((text, ""));
    let rest = if rest.is_empty() {
        Vec::new()
    } else {
        pairs(rest)?
    };
    let rest = rest.iter().map(|(key, value)| (*key, value.as_str()));
    let all: Vec<(&str, &str)> = std::iter::once(("kind", kind.trim())).chain(rest).collect();
    PeerSpec::parse(&all).map_err(|error| error.to_string())
}

fn parse_link(text: &str) -> Result<NetworkShape, String> {
    let mut shape = NetworkShape::default();
    for (key, value) in pairs(text)? {
        let set = shape.set(key, &value);
        set.map_err(|error| format!("{key}: {error}"))?;
    }
    Ok(shape)
}

/// The network that was asked for.
///
/// # Errors
/// Peers that do not go together, that would never end, or a capture that cannot be read.
pub fn network(arguments: &NetworkArguments) -> Result<Option<Arc<NetworkSpec>>, Failure> {
    let peers = arguments.peer.clone();
    if peers.is_empty() {
        return Ok(None);
    }
    let wrong = |message: String| Failure::Input(format!("--peer: {message}"));
    if peers.len() > PEERS_MAX {
        let count = peers.len();
        return Err(wrong(format!(
            "{count} of them: there may be at most {PEERS_MAX}"
        )));
    }
    if let Some(endless) = peers.iter().find(|it| it.config().count.is_none()) {
        let kind = endless.config().kind.name();
        return Err(wrong(format!(
            "{kind} without a count has no end, and neither would the run: say {kind},count=100"
        )));
    }
    let link = arguments.link.clone().unwrap_or_default();
    let load = &mut |file: &str| {
        std::fs::read(Path::new(file)).map_err(|error| format!("{file} cannot be read: {error}"))
    };
    let spec = NetworkSpec::new(NetworkShape { peers, ..link }, load);
    spec.map(|it| Some(Arc::new(it))).map_err(wrong)
}
