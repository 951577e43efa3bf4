//! Sources that come with the playground, by name: `clock`, `clock/linear`, `clock/linear/swap`,
//! `attack/forge`, `network/responder`.

use exo_core::cpu::Role;
use exo_core::digest::Digest;
use exo_libos_samples::attacks::Attack;
use exo_libos_samples::{
    APPLICATIONS, BackingStore, PageTable, Part, PartKind, SAMPLES, STORES, TABLES, application,
    sample, store, table,
};

use super::DOWNLOAD;
use crate::network;

/// A source that comes with the playground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shipped {
    /// A policy with a page table and, if it replaces pages, a backing store.
    Policy {
        /// The sample's name.
        sample: &'static str,
        /// Its page table.
        table: &'static PageTable,
        /// Its backing store.
        store: &'static BackingStore,
    },
    /// An application.
    Application(&'static str),
    /// A malicious policy, or the honest one that lends to it.
    Attack(&'static str),
    /// A library for a network, an application for one, or what these download.
    Network(&'static Part),
}

/// What names of malicious policies begin with.
const ATTACK: &str = "attack/";
/// The honest neighbour among them.
const HONEST: &str = "lender";
/// What names of programs for a network begin with.
const NETWORK: &str = "network/";

impl Shipped {
    /// The policy of that name; as [`Shipped::name`] writes it.
    ///
    /// # Errors
    /// A sentence that says which part of the name is unknown, and which there are.
    pub fn policy(name: &str) -> Result<Shipped, String> {
        if let Some(name) = name.strip_prefix(NETWORK) {
            return Shipped::network(Role::LibOs, name);
        }
        if let Some(name) = name.strip_prefix(ATTACK) {
            return Shipped::attack(name);
        }
        let mut parts = name.split('/');
        let first = parts.next().unwrap_or_default();
        let found = sample(first).ok_or_else(|| {
            let names = SAMPLES.iter().map(|it| it.name);
            unknown("sample", first, names)
        })?;
        let second = parts.next().unwrap_or(TABLES[0].name);
        let table = table(second)
            .ok_or_else(|| unknown("page table", second, TABLES.iter().map(|it| it.name)))?;
        let third = parts.next().unwrap_or(STORES[0].name);
        let store = store(third)
            .ok_or_else(|| unknown("backing store", third, STORES.iter().map(|it| it.name)))?;
        if parts.next().is_some() || (!found.replaces && *store != STORES[0]) {
            return Err(format!(
                "{name:?} has too many parts: write SAMPLE, SAMPLE/TABLE or, of a sample that \
                 replaces pages, SAMPLE/TABLE/STORE"
            ));
        }
        Ok(Shipped::Policy {
            sample: found.name,
            table,
            store,
        })
    }

    fn attack(name: &str) -> Result<Shipped, String> {
        if !network::is_here() {
            return Err(network::NOT_HERE.to_owned());
        }
        let mut names = attack_names();
        let found = names.find(|it| *it == name).map(Shipped::Attack);
        found.ok_or_else(|| unknown("attack", name, attack_names()))
    }

    /// The program for a network of that role and name.
    fn network(role: Role, name: &str) -> Result<Shipped, String> {
        if !network::is_here() {
            return Err(network::NOT_HERE.to_owned());
        }
        let mut parts = network_parts(role);
        let found = parts.find(|it| it.name == name).map(Shipped::Network);
        found.ok_or_else(|| {
            let what = match role {
                Role::LibOs => "library for a network",
                Role::Application => "application for a network",
                _ => "message handler or filter",
            };
            unknown(what, name, network_parts(role).map(|it| it.name))
        })
    }

    /// What is downloaded, by its name.
    ///
    /// # Errors
    /// A sentence that says which there are.
    pub fn download(name: &str) -> Result<Shipped, String> {
        Shipped::network(DOWNLOAD, name.strip_prefix(NETWORK).unwrap_or(name))
    }

    /// The application of that name.
    ///
    /// # Errors
    /// A sentence that says which there are.
    pub fn application(name: &str) -> Result<Shipped, String> {
        if let Some(name) = name.strip_prefix(NETWORK) {
            return Shipped::network(Role::Application, name);
        }
        application(name)
            .map(|found| Shipped::Application(found.name))
            .ok_or_else(|| unknown("application", name, APPLICATIONS.iter().map(|it| it.name)))
    }

    /// A policy, an application, or what is downloaded, by its name.
    ///
    /// # Errors
    /// As [`Shipped::policy`], [`Shipped::application`] and [`Shipped::download`].
    pub fn of_role(role: Role, name: &str) -> Result<Shipped, String> {
        match role {
            Role::Application => Shipped::application(name),
            Role::LibOs => Shipped::policy(name),
            _ => Shipped::download(name),
        }
    }

    /// Its name, the parts that are usual left out.
    pub fn name(&self) -> String {
        match self {
            Shipped::Application(name) => (*name).to_owned(),
            Shipped::Attack(name) => format!("{ATTACK}{name}"),
            Shipped::Network(part) => format!("{NETWORK}{}", part.name),
            Shipped::Policy {
                sample,
                table,
                store,
            } => {
                let with_store = **store != STORES[0];
                let with_table = with_store || **table != TABLES[0];
                let mut name = (*sample).to_owned();
                for (part, shown) in [(table.name, with_table), (store.name, with_store)] {
                    if shown {
                        name.push('/');
                        name.push_str(part);
                    }
                }
                name
            }
        }
    }

    /// The name of its file.
    pub fn file_name(&self) -> String {
        match self {
            Shipped::Application(name) | Shipped::Attack(name) => format!("{name}.rs"),
            Shipped::Policy { sample, .. } => format!("{sample}.rs"),
            Shipped::Network(part) => format!("{}.rs", part.name),
        }
    }

    /// Its text.
    pub fn text(&self) -> String {
        match self {
            Shipped::Application(name) => {
                application(name).map_or_else(String::new, |it| it.source.to_owned())
            }
            Shipped::Network(part) => part.source.to_owned(),
            Shipped::Attack(HONEST) => attacks().1.to_owned(),
            Shipped::Attack(name) => {
                let attack = attacks().0.iter().find(|it| it.name == *name);
                attack.map_or_else(String::new, |it| it.source.to_owned())
            }
            Shipped::Policy {
                sample: name,
                table,
                store,
            } => sample(name).map_or_else(String::new, |it| it.with_parts(table, store)),
        }
    }

    /// All of a role, the usual parts first.
    pub(super) fn all(role: Role) -> Vec<Shipped> {
        let network = network_parts(role).map(Shipped::Network);
        match role {
            Role::LibOs => {}
            Role::Application => {
                let names = APPLICATIONS.iter().map(|it| it.name);
                return names.map(Shipped::Application).chain(network).collect();
            }
            _ => return network.collect(),
        }
        let stores = |replaces: bool| if replaces { STORES } else { &STORES[..1] };
        let policies = SAMPLES.iter().flat_map(|sample| {
            let parts = TABLES.iter().flat_map(move |table| {
                let stores = stores(sample.replaces).iter();
                stores.map(move |store| (table, store))
            });
            parts.map(move |(table, store)| Shipped::Policy {
                sample: sample.name,
                table,
                store,
            })
        });
        policies
            .chain(attack_names().map(Shipped::Attack))
            .chain(network)
            .collect()
    }

    /// The one that a text is, if it is one.
    pub(super) fn of_text(role: Role, text: &str) -> Option<Shipped> {
        Shipped::all(role).into_iter().find(|it| it.text() == text)
    }
}

/// The programs for a network of a role.
fn network_parts(role: Role) -> impl Iterator<Item = &'static Part> {
    let wanted = move |it: &&Part| match it.kind {
        PartKind::LibOs => role == Role::LibOs,
        PartKind::Application => role == Role::Application,
        _ => role == DOWNLOAD,
    };
    let all = network::part().map_or(&[][..], |it| it.programs);
    all.iter().filter(wanted)
}

/// The malicious policies, and the text of their honest neighbour.
fn attacks() -> (&'static [Attack], &'static str) {
    network::part().map_or((&[], ""), |it| it.attacks)
}

fn attack_names() -> impl Iterator<Item = &'static str> {
    let attacks = attacks().0.iter().map(|it| it.name);
    attacks.chain(network::is_here().then_some(HONEST))
}

fn unknown<'names>(what: &str, name: &str, names: impl Iterator<Item = &'names str>) -> String {
    let names = names.collect::<Vec<_>>().join(", ");
    format!("there is no {what} {name:?}; there are {names}")
}

/// Hash of a text: the same everywhere.
pub fn text_hash(text: &str) -> u64 {
    let mut digest = Digest::new(TEXT);
    digest.bytes(text.as_bytes());
    digest.finish()
}

/// Hash of the texts of several shipped sources, in their order.
pub(super) fn shipped_hash(sources: &[Shipped]) -> u64 {
    let mut digest = Digest::new(TEXT);
    for source in sources {
        digest.bytes(source.text().as_bytes());
    }
    digest.finish()
}

/// The domain of such hashes.
const TEXT: u64 = 0x7465_7874;

#[cfg(test)]
mod tests {
    use exo_core::cpu::Role;

    use super::{DOWNLOAD, Shipped};

    #[test]
    fn every_shipped_source_is_found_by_its_name_and_by_its_text() {
        for (role, least) in [(Role::LibOs, 9), (Role::Application, 9), (DOWNLOAD, 2)] {
            let all = Shipped::all(role);
            assert!(all.len() >= least);
            for shipped in all {
                assert_eq!(Shipped::of_role(role, &shipped.name()), Ok(shipped));
                assert_eq!(Shipped::of_text(role, &shipped.text()), Some(shipped));
            }
        }
        assert_eq!(Shipped::of_text(Role::LibOs, "// nothing"), None);
    }

    #[test]
    fn an_unknown_part_of_a_name_is_answered_with_those_that_there_are() {
        for (name, says) in [
            ("fifoo", "second-chance"),
            ("fifo/vector", "two-level"),
            ("fifo/linear/tape", "swap"),
            ("fifo/linear/swap/more", "too many parts"),
            ("gc/linear/swap", "too many parts"),
            ("", "there is no sample"),
            ("attack/forgery", "ignore-revocation"),
        ] {
            let answer = Shipped::policy(name).unwrap_err();
            assert!(answer.contains(says), "{name}: {answer}");
        }
    }
}
