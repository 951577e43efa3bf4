//! Who claimed what: the filters that are bound, the handlers, and what has become of their packets.

use std::collections::BTreeMap;

use exo_core::cpu::Role;
use exo_core::event::NetworkFact;
use exo_core::ids::{Delivery, EnvId, Fate};
use exo_core::kernel::filter::{Filter, FilterId, Pattern, Question};
use exo_core::kernel::network::{Binding, Network};
use exo_core::machine::Machine;
use exo_net::decode::{Layer, decode};
use exo_session::network::PacketLog;

use crate::view::memory::Owner;
use crate::view::trie::{name, place_words, value_words};
use crate::view::words::grouped;

/// Packets, the newest first, among which one of each filter is looked for, whose fields give names to bytes.
const NAMED_BY: usize = 512;
/// Patterns of a filter that are written out.
const PATTERNS: usize = 4;

/// A filter that is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundRow {
    /// Its number.
    pub filter: String,
    /// Whose it is.
    pub owner: Owner,
    /// What it asks of a packet.
    pub asks: String,
    /// Where its packets go, and how its owner hears of them.
    pub goes: String,
    /// Packets that it has claimed so far: in a buffer, consumed or dropped.
    pub claimed: String,
    /// Of these, what was dropped.
    pub dropped: String,
}

/// A program that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandlerRow {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub owner: Owner,
    /// What it is bound to, in words.
    pub bound: String,
    /// The most instructions of one run.
    pub fuel: String,
    /// How often it has run.
    pub runs: String,
    /// What came of its last run.
    pub last: String,
}

/// Every filter that is bound, in order.
pub(super) fn bound(network: &Network, machine: &Machine, log: &PacketLog) -> Vec<BoundRow> {
    let named = named_by(log);
    let rows = network.bindings.iter().map(|(id, binding)| {
        let counts = binding.counts;
        let dropped: u64 = counts.dropped.iter().sum();
        BoundRow {
            filter: id.0.to_string(),
            owner: Owner { env: binding.owner },
            asks: match (network.filters.filter(*id), binding.program) {
                (Some(filter), _) => asks(filter, &named),
                (None, Some(place)) => {
                    format!("what {} says", program(machine, binding.owner, place))
                }
                (None, None) => String::new(),
            },
            goes: goes(binding, machine),
            claimed: grouped(counts.delivered + counts.consumed + dropped),
            dropped: grouped(dropped),
        }
    });
    rows.collect()
}

/// A packet that gives names to the bytes that filters ask about.
struct Named<'run> {
    bytes: &'run [u8],
    layers: Vec<Layer>,
}

impl Named<'_> {
    /// How many of a pattern's questions it answers as they want, one after the other, while nothing moves the base.
    fn answers(&self, pattern: &Pattern) -> usize {
        let wanted = |(question, wanted): &(Question, u64)| {
            let at = usize::from(question.offset());
            let field = self.bytes.get(at..at + usize::from(question.bytes()));
            let number = |field: &[u8]| {
                field
                    .iter()
                    .fold(0, |number, it| number << 8 | u64::from(*it))
            };
            let says = field.map(|field| number(field) & question.mask());
            question.shift().is_none() && says == Some(*wanted)
        };
        pattern.asks().take_while(wanted).count()
    }
}

/// One packet of each filter.
fn named_by(log: &PacketLog) -> Vec<Named<'_>> {
    let mut named = BTreeMap::new();
    for packet in log.packets().iter().rev().take(NAMED_BY) {
        let filter = packet.told.iter().find_map(|it| match it.fact()? {
            NetworkFact::Claimed { filter, .. } => Some(filter),
            _ => None,
        });
        if let Some(filter) = filter {
            named.entry(filter).or_insert_with(|| Named {
                bytes: &packet.bytes,
                layers: decode(&packet.bytes),
            });
        }
    }
    named.into_values().collect()
}

/// What a filter asks of a packet, in words.
fn asks(filter: &Filter, named: &[Named]) -> String {
    let patterns = filter.patterns.iter().take(PATTERNS);
    let mut words = patterns
        .map(|it| pattern(it, named))
        .collect::<Vec<_>>()
        .join("; or ");
    if filter.patterns.len() > PATTERNS {
        let more = (filter.patterns.len() - PATTERNS) as u64;
        words += &format!("; or one of {} more", grouped(more));
    }
    if filter.yields {
        words += "; and yields to others";
    }
    words
}

/// What a pattern asks; bytes are called what they are in the packet that comes furthest, as far as it comes.
fn pattern(pattern: &Pattern, named: &[Named]) -> String {
    let known = named.iter().map(|it| (it.answers(pattern), it));
    let known = known.max_by_key(|(answers, _)| *answers);
    let asks = pattern
        .asks()
        .enumerate()
        .map(|(place, (question, wanted))| {
            let known = known.filter(|(answers, _)| place <= *answers && *answers > 0);
            let at = usize::from(question.offset());
            let called = known.and_then(|(_, it)| name(&it.layers, at, question));
            let called = called.map(|it| format!("{it}: ")).unwrap_or_default();
            let place = place_words(question);
            match question.shift() {
                None => format!("{called}{place} = {}", value_words(question, wanted)),
                Some(shift) => format!("{called}on by {place}, times {}", 1_u32 << shift),
            }
        });
    let asks: Vec<String> = asks.collect();
    match asks.is_empty() {
        true => "every packet".to_owned(),
        false => asks.join(", "),
    }
}

/// Where packets of a filter go, and how its owner hears of them.
fn goes(binding: &Binding, machine: &Machine) -> String {
    let handler = binding.handler.map(|place| {
        let name = program(machine, binding.owner, place);
        format!("handler {name}; what it queues: ")
    });
    let ring = match binding.ring.len() {
        0 => "no ring".to_owned(),
        1 => "a ring of 1 buffer".to_owned(),
        many => format!("a ring of {many} buffers"),
    };
    let told = match binding.delivery {
        Delivery::Poll => "its owner looks there when it likes",
        Delivery::Notice => "an upcall when its owner runs next",
        Delivery::Urgent => "an upcall at once",
    };
    format!("{}{ring}, {told}", handler.unwrap_or_default())
}

/// The name of a program that an environment brought to be downloaded.
fn program(machine: &Machine, env: EnvId, place: u16) -> String {
    let environment = machine.environment(env);
    let found = environment.and_then(|it| it.downloads.get(usize::from(place)));
    found.map_or_else(String::new, |it| it.program.name.clone())
}

/// What runs of a handler have come to.
#[derive(Default)]
struct Runs {
    count: u64,
    last: String,
}

/// Every program that came to be downloaded, with what its runs up to this step came to.
pub(super) fn handlers(network: &Network, machine: &Machine, log: &PacketLog) -> Vec<HandlerRow> {
    let runs = runs(log, machine.events());
    let mut rows = Vec::new();
    for (env, environment) in (0..).map(EnvId).zip(&machine.kernel().environments) {
        for (place, download) in environment.downloads.iter().enumerate() {
            let is_it = |it: &Option<u16>| it.is_some_and(|it| usize::from(it) == place);
            let own = network.of(env);
            let own = own.filter(|(_, it)| is_it(&it.handler) || is_it(&it.program));
            let filters: Vec<FilterId> = own.map(|(id, _)| id).collect();
            let count: u64 = filters
                .iter()
                .filter_map(|it| Some(runs.get(it)?.count))
                .sum();
            let last = filters.iter().filter_map(|it| runs.get(it)).next_back();
            let handles = download.program.role == Role::MessageHandler;
            let words = filters
                .iter()
                .map(|it| it.0.to_string())
                .collect::<Vec<_>>();
            rows.push(HandlerRow {
                name: download.program.name.clone(),
                owner: Owner { env },
                bound: match (words.is_empty(), handles) {
                    (true, _) => "nothing".to_owned(),
                    (false, true) => format!("packets of filter {}", words.join(" and ")),
                    (false, false) => format!("is filter {}", words.join(" and ")),
                },
                fuel: grouped(download.fuel),
                runs: if handles {
                    grouped(count)
                } else {
                    "with each packet".to_owned()
                },
                last: last.map_or_else(|| "–".to_owned(), |it| it.last.clone()),
            });
        }
    }
    rows
}

/// The runs of the message handler of each filter up to a step.
fn runs(log: &PacketLog, step: u64) -> BTreeMap<FilterId, Runs> {
    let mut runs: BTreeMap<FilterId, Runs> = BTreeMap::new();
    let told = log.packets().iter().flat_map(|it| &it.told);
    for told in told.filter(|it| it.step <= step) {
        let (filter, last) = match told.fact() {
            Some(NetworkFact::HandlerRan {
                filter, fate, fuel, ..
            }) => {
                let what = match fate {
                    Fate::Done => "done",
                    Fate::Wake => "its owner is to be told",
                    Fate::Queue => "into the ring",
                };
                (
                    filter,
                    format!("{what}, {} instructions", grouped(fuel.into())),
                )
            }
            Some(NetworkFact::HandlerStopped { filter, fuel, .. }) => (
                filter,
                format!("stopped after {} instructions", grouped(fuel.into())),
            ),
            _ => continue,
        };
        let runs = runs.entry(filter).or_default();
        runs.count += 1;
        runs.last = last;
    }
    runs
}
