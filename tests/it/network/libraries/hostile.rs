//! Frames that are wrong, in every way that there is and in none that there should be: no library breaks.

use std::net::Ipv4Addr;
use std::sync::Arc;

use exo_core::hw::LinkConfig;
use exo_core::machine::EnvironmentConfig;
use exo_core::rng::Rng;
use exo_peers::config::Kind;

use super::rig::{ash, finish_quietly, heard, lossy, machine, polled, responder, server};
use super::script::{Script, asks, datagram, packet, ping, segment};
use super::stations::{at, fetch, finished, met, peer};

/// Each library, with its address.
fn libraries() -> Vec<(EnvironmentConfig, Ipv4Addr)> {
    let address = |last| Ipv4Addr::new(10, 0, 0, last);
    vec![
        (responder(), address(1)),
        (server(), address(1)),
        (polled(), address(16)),
        (ash(), address(32)),
    ]
}

/// A frame that begins well and goes on at random, or has bytes changed, or is cut off or too long.
pub fn spoilt(rng: &mut Rng, to: Ipv4Addr) -> Vec<u8> {
    let mut noise = vec![0; rng.below(200) as usize];
    noise.iter_mut().for_each(|it| *it = rng.below(256) as u8);
    let number = rng.next_u64() as u32;
    let mut frame = match rng.below(9) {
        0 => packet(to, 1, &noise),
        1 => packet(to, 6, &noise),
        2 => packet(to, 17, &noise),
        3 => datagram(to, 53, &noise),
        4 => [asks(to), noise].concat(),
        5 => ping(to, 1, &noise),
        6 => segment(number, 0, rng.below(64) as u8, 0, &noise),
        7 => datagram(to, [7, 9][rng.below(2) as usize], &noise),
        _ => {
            let mut question = vec![0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
            question.extend(noise);
            datagram(to, 53, &question)
        }
    };
    for _ in 0..rng.below(3) {
        let place = rng.below(frame.len() as u32) as usize;
        frame[place] = rng.below(256) as u8;
    }
    if rng.below(4) == 0 {
        frame.truncate(rng.below(frame.len() as u32 + 1) as usize);
    }
    frame
}

#[test]
fn frames_that_begin_well_and_go_on_at_random_break_no_library_and_the_right_one_behind_is_answered()
 {
    for seed in 1..=4 {
        let mut rng = Rng::new(seed, 1);
        for (library, address) in libraries() {
            let mut frames: Vec<_> = (0..600).map(|_| spoilt(&mut rng, address)).collect();
            frames.push(asks(address));
            // As fast as the link is: some find no room. The last one comes when all is done.
            let mut wire = Script::paced(20_000_000, 3_000, frames);
            let last = wire.0.last_mut().unwrap();
            last.0 += 5_000_000;
            let end = last.0;
            let mut machine = machine(vec![library], Arc::new(wire), LinkConfig::default(), seed);
            finish_quietly(&mut machine);
            let replied = heard(&machine);
            let mut after = replied.iter().filter(|it| it.at_cycles > end);
            let found = after.any(|it| it.bytes[12..14] == [8, 6]);
            assert!(found, "{address}, seed {seed}");
        }
    }
}

#[test]
fn a_fetch_comes_whole_while_others_send_frames_with_every_mistake() {
    for seed in 1..=3 {
        let mut hostile = at(9, peer(Kind::Hostile));
        hostile.count = Some(2_000);
        hostile.interval = Some(50_000);
        hostile.start = 1;
        hostile.seed = seed;
        let mut mix = at(10, peer(Kind::Mix));
        mix.count = Some(1_000);
        mix.interval = Some(100_000);
        mix.seed = seed;
        let peers = [fetch("/large", 1), hostile, mix];
        let (_, reports) = met(vec![server()], &peers, lossy(), seed);
        finished(&reports[..1]);
    }
}
