//! Scenarios that come with the playground, each a file as one would write it by hand.

/// A scenario that comes with the playground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScenarioSample {
    /// What one calls it at the command line.
    pub name: &'static str,
    /// One line on what it shows.
    pub summary: &'static str,
    /// The file.
    pub text: &'static str,
}

/// A scenario: its name, file and summary.
macro_rules! scenario {
    ($name:literal, $file:literal, $summary:literal) => {
        ScenarioSample {
            name: $name,
            summary: $summary,
            text: include_str!(concat!($file, ".toml")),
        }
    };
}

/// Every scenario that comes with the playground; the first is the one that the page opens with.
#[rustfmt::skip]
pub const SCENARIOS: &[ScenarioSample] = &[
    scenario!("first-light", "first_light", "one program under FIFO and under CLOCK"),
    scenario!("live-edit", "live_edit", "CLOCK takes over from FIFO while the program runs"),
    scenario!("pressure", "pressure", "frames are asked for, and taken"),
    scenario!("swap", "swap", "a program with a disk behind its pages, and without"),
    scenario!("join", "join", "a policy that knows its program, and LRU"),
    scenario!("sets", "sets", "a TLB in sets, and a software TLB in which pages collide"),
    scenario!("collector", "collector", "a garbage collector that uses page protection"),
    scenario!("broken-policy", "broken_policy", "a policy that forgets, and a neighbour who does not notice"),
    scenario!("assignment", "assignment", "a policy to make better, most of whose text is given"),
    scenario!("attack-forge", "attack_forge", "capabilities made up, beside a neighbour that lends"),
    scenario!("attack-replay", "attack_replay", "capabilities and names that have ended, presented again"),
    scenario!("attack-ignore-revocation", "attack_ignore_revocation", "frames asked for, insisted on, and taken"),
    scenario!("attack-loop-in-handler", "attack_loop_in_handler", "handlers that never return"),
    scenario!("attack-fault-in-handler", "attack_fault_in_handler", "seven handlers that fail, each in its own way"),
    scenario!("attack-exhaust-tables", "attack_exhaust_tables", "one who takes all that can be had"),
    scenario!("attack-guess-ids", "attack_guess_ids", "every call tried on every name"),
    scenario!("network-ping", "network_ping", "a library answers pings"),
    scenario!("network-udp", "network_udp", "datagrams answered from the kernel, and by a library in its turn"),
    scenario!("network-http", "network_http", "a web server that is a library, without copies"),
    scenario!("network-lossy", "network_lossy", "the web server behind a link that loses packets"),
    scenario!("network-two-libraries", "network_two_libraries", "two stacks that do not know of each other"),
    scenario!("network-hostile", "network_hostile", "packets that are wrong, beside pings that are answered"),
];

/// The scenario of that name.
pub fn scenario(name: &str) -> Option<&'static ScenarioSample> {
    SCENARIOS.iter().find(|scenario| scenario.name == name)
}
