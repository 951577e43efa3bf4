//! Packet filters: what they mean, who may claim what, and that the engines agree.

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{
    Atom, Engine, Filter, FilterError, FilterId, FilterSet, Pattern, PatternError, Width, check,
};
use exo_core::limits::{FILTERS_MAX, PATTERN_ATOMS_MAX, PATTERN_SHIFTS_MAX};
use exo_tests::filters::{exhaustive, random};

fn equal(offset: u16, width: Width, value: u64) -> Atom {
    Atom::Equal {
        offset,
        width,
        mask: width.full(),
        value,
    }
}

fn filter(owner: u8, atoms: &[Atom]) -> Filter {
    Filter {
        owner: EnvId(owner),
        yields: false,
        patterns: vec![Pattern::new(atoms).unwrap()],
    }
}

fn yielding(owner: u8, atoms: &[Atom]) -> Filter {
    Filter {
        yields: true,
        ..filter(owner, atoms)
    }
}

/// Whose a packet is, as all engines say.
fn owner(set: &FilterSet, packet: &[u8]) -> Option<u8> {
    check::all(set, &[packet]).unwrap();
    let verdict = set.classify(Engine::Compiled, packet);
    verdict.accepted.map(|(_, EnvId(owner))| owner)
}

#[test]
fn every_pair_of_small_filters_gives_the_same_verdicts_under_every_engine_with_a_third_or_none() {
    let compared = exhaustive::sets(16).unwrap();
    assert!(compared > 60_000, "{compared}");
}

#[test]
fn a46_no_pair_of_owners_is_admitted_of_which_one_takes_the_others_packets() {
    let (refused, careful) = exhaustive::pairs_of_two_owners().unwrap();
    assert!(refused > 100 && careful < refused, "{refused} {careful}");
}

#[test]
fn random_filters_that_come_and_go_give_the_same_verdicts_under_every_engine() {
    let found = random::compare(1, 20_000).unwrap();
    assert!(found.accepted > 4_000, "{found:?}");
    assert!(found.refused > 100 && found.removed > 100, "{found:?}");
}

#[test]
fn a49_a_field_is_compared_in_each_width_and_under_a_mask() {
    let packet = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    let fields = [
        (0, Width::One, 1),
        (1, Width::Two, 0x0203),
        (2, Width::Four, 0x0304_0506),
        (1, Width::Eight, 0x0203_0405_0607_0809),
    ];
    for (offset, width, value) in fields {
        let mut set = FilterSet::new();
        set.install(filter(0, &[equal(offset, width, value)]))
            .unwrap();
        assert_eq!(owner(&set, &packet), Some(0), "{width:?}");
        let end = usize::from(offset + width.bytes());
        assert_eq!(owner(&set, &packet[..end]), Some(0));
        assert_eq!(
            owner(&set, &packet[..end - 1]),
            None,
            "the packet ends before"
        );
    }
    let masked = Atom::Equal {
        offset: 3,
        width: Width::One,
        mask: 0x0c,
        value: 0x04,
    };
    let mut set = FilterSet::new();
    set.install(filter(0, &[masked])).unwrap();
    assert_eq!(owner(&set, &[0, 0, 0, 0xf7]), Some(0));
    assert_eq!(owner(&set, &[0, 0, 0, 0xfb]), None);
}

#[test]
fn a49_the_base_moves_by_a_header_length_in_the_packet_and_by_constants() {
    let atoms = [
        Atom::Shift {
            offset: 0,
            width: Width::One,
            mask: 0x0f,
            shift: 2,
        },
        Atom::Advance(1),
        equal(1, Width::One, 9),
    ];
    let mut set = FilterSet::new();
    set.install(filter(0, &atoms)).unwrap();
    // A header of one word, then one byte more, then the byte behind that.
    assert_eq!(owner(&set, &[0x41, 0, 0, 0, 0, 0, 9]), Some(0));
    assert_eq!(owner(&set, &[0x42, 0, 0, 0, 0, 0, 9]), None);
    assert_eq!(owner(&set, &[0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]), Some(0));
    assert_eq!(
        owner(&set, &[0x4f, 0, 9]),
        None,
        "the base is behind the packet"
    );
}

#[test]
fn a49_an_overlap_is_refused_with_the_filter_that_it_would_rob() {
    let mut set = FilterSet::new();
    let older = set.install(filter(0, &[equal(0, Width::One, 1)])).unwrap();
    let narrower = filter(1, &[equal(0, Width::One, 1), equal(1, Width::One, 2)]);
    assert_eq!(set.install(narrower), Err(FilterError::Overlap(older)));
    let crossing = filter(1, &[equal(1, Width::One, 2)]);
    assert_eq!(set.install(crossing), Err(FilterError::Overlap(older)));
    let same = filter(1, &[equal(0, Width::One, 1)]);
    assert_eq!(set.install(same), Err(FilterError::Overlap(older)));
    let elsewhere = filter(1, &[equal(0, Width::One, 2)]);
    set.install(elsewhere).unwrap();
    assert_eq!(owner(&set, &[1, 2]), Some(0));
    assert_eq!(owner(&set, &[2, 2]), Some(1));
}

#[test]
fn a46_a_wider_filter_gets_what_nobody_claimed_and_no_more() {
    let mut set = FilterSet::new();
    set.install(filter(0, &[equal(0, Width::Two, 0x0102)]))
        .unwrap();
    set.install(filter(1, &[equal(0, Width::One, 1)])).unwrap();
    set.install(filter(2, &[])).unwrap();
    assert_eq!(owner(&set, &[1, 2]), Some(0));
    assert_eq!(owner(&set, &[1, 3]), Some(1));
    assert_eq!(owner(&set, &[]), Some(2));
}

#[test]
fn a46_an_owner_that_yields_lets_others_claim_parts_and_has_them_back() {
    let mut set = FilterSet::new();
    set.install(yielding(0, &[equal(0, Width::One, 1)]))
        .unwrap();
    let part = set
        .install(filter(1, &[equal(0, Width::Two, 0x0102)]))
        .unwrap();
    assert_eq!(owner(&set, &[1, 2]), Some(1));
    assert_eq!(owner(&set, &[1, 3]), Some(0));
    // One that yields takes nothing from one that does not, even where it looks at more.
    set.install(yielding(2, &[equal(0, Width::Four, 0x0102_0304)]))
        .unwrap();
    assert_eq!(owner(&set, &[1, 2, 3, 4]), Some(1));
    set.remove(part).unwrap();
    assert_eq!(owner(&set, &[1, 2, 3, 4]), Some(2));
    assert_eq!(owner(&set, &[1, 2]), Some(0));
    assert_eq!(set.remove(part), None);
}

#[test]
fn filters_leave_with_their_owner_and_the_trie_is_empty_again() {
    let mut set = FilterSet::new();
    for number in 0..50 {
        let own = filter((number % 2) as u8, &[equal(0, Width::Two, number)]);
        set.install(own).unwrap();
    }
    assert_eq!(set.nodes(), 51);
    assert_eq!(set.remove_owner(EnvId(0)), 25);
    check::all(&set, &[&[0, 1], &[0, 2]]).unwrap();
    assert_eq!(
        (owner(&set, &[0, 1]), owner(&set, &[0, 2])),
        (Some(1), None)
    );
    assert_eq!(set.remove_owner(EnvId(1)), 25);
    assert_eq!(set.nodes(), 1);
    assert!(set.same_trie(&FilterSet::new()));
}

#[test]
fn a45_merged_filters_cost_the_same_however_many_there_are() {
    let of = |count: u64| {
        let mut set = FilterSet::new();
        let filters = (0..count).map(|number| {
            let fields = [
                equal(12, Width::Two, 0x0800),
                equal(30, Width::Four, number),
            ];
            filter(0, &fields)
        });
        set.install_all(filters).unwrap();
        set
    };
    let mut packet = [0; 64];
    packet[12] = 8;
    packet[33] = 1;
    let cycles = |set: &FilterSet, engine| set.classify(engine, &packet).cycles;
    let nobodys = [8; 64];
    let in_vain = |set: &FilterSet| set.classify(Engine::Linear, &nobodys).cycles;
    let (few, many) = (of(10), of(1000));
    for engine in [Engine::Trie, Engine::Compiled] {
        assert!(
            cycles(&many, engine) <= cycles(&few, engine) + 8,
            "{engine:?}"
        );
    }
    assert!(cycles(&few, Engine::Compiled) < cycles(&few, Engine::Trie));
    assert!(in_vain(&many) > 50 * in_vain(&few));
}

#[test]
fn a47_the_bound_of_a_run_is_known_before_any_packet_comes() {
    let mut set = FilterSet::new();
    let fields: Vec<Atom> = (0..20).map(|at| equal(2 * at, Width::One, 0)).collect();
    set.install(filter(0, &fields)).unwrap();
    for engine in Engine::ALL {
        let most = set.cycles_max(engine);
        let cycles = set.classify(engine, &[0; 64]).cycles;
        // A table may take a look more for a packet that is not in it.
        assert!((most - 4..=most).contains(&cycles), "{engine:?}");
        assert!(set.classify(engine, &[1; 64]).cycles < most);
    }
}

#[test]
fn atoms_that_make_no_pattern_are_refused_with_the_reason() {
    let refused = |atoms: &[Atom]| Pattern::new(atoms).unwrap_err();
    let both = [equal(0, Width::One, 1), equal(0, Width::Two, 0x0203)];
    assert_eq!(refused(&both), PatternError::Never);
    let outside = Atom::Equal {
        offset: 0,
        width: Width::One,
        mask: 0x0f,
        value: 0x10,
    };
    assert_eq!(refused(&[outside]), PatternError::Never);
    let far = [Atom::Advance(40_000), Atom::Advance(40_000)];
    assert_eq!(refused(&far), PatternError::TooFar);
    assert_eq!(
        refused(&[equal(65_535, Width::Two, 0)]),
        PatternError::TooFar
    );
    let shift = Atom::Shift {
        offset: 0,
        width: Width::One,
        mask: 1,
        shift: 0,
    };
    let many = vec![shift; PATTERN_SHIFTS_MAX + 1];
    assert_eq!(refused(&many), PatternError::TooManyShifts);
    let long = vec![equal(0, Width::One, 0); PATTERN_ATOMS_MAX + 1];
    assert_eq!(refused(&long), PatternError::TooLong);
}

#[test]
fn a_set_has_room_for_so_many_filters_and_refuses_the_next_unchanged() {
    let mut set = FilterSet::new();
    let filters = (0..FILTERS_MAX as u64).map(|number| filter(0, &[equal(0, Width::Two, number)]));
    set.install_all(filters).unwrap();
    let before = set.clone();
    let more = filter(0, &[equal(0, Width::Two, 0xffff)]);
    assert_eq!(set.install(more), Err(FilterError::Full));
    assert_eq!(set, before);
    set.remove(FilterId(7)).unwrap();
    let none = Filter {
        owner: EnvId(0),
        yields: false,
        patterns: Vec::new(),
    };
    assert_eq!(set.install(none), Err(FilterError::Patterns(0)));
}

#[test]
fn the_order_in_which_filters_come_and_go_does_not_show_in_the_trie() {
    let own = |number: u64| {
        filter(
            0,
            &[
                equal(0, Width::One, number % 5),
                equal(2, Width::Two, number),
            ],
        )
    };
    let mut grown = FilterSet::new();
    let ids: Vec<FilterId> = (0..40).map(|it| grown.install(own(it)).unwrap()).collect();
    let mut shrunk = FilterSet::new();
    for number in 0..40 {
        shrunk.install(own(number)).unwrap();
        if number % 3 == 0 {
            let mut with = shrunk.clone();
            let extra = with.install(own(number + 100)).unwrap();
            assert!(!with.same_trie(&shrunk));
            with.remove(extra);
            assert!(with.same_trie(&shrunk));
        }
    }
    assert!(grown.same_trie(&shrunk));
    for id in ids {
        grown.remove(id).unwrap();
    }
    assert!(grown.same_trie(&FilterSet::new()));
}

#[test]
fn a_base_that_moves_behind_every_packet_comes_round_to_none() {
    let shift = Atom::Shift {
        offset: 4,
        width: Width::Four,
        mask: u64::from(u32::MAX),
        shift: 0,
    };
    let mut set = FilterSet::new();
    for value in 0..3 {
        let fields = [shift, equal(8, Width::Two, value)];
        set.install(filter(0, &fields)).unwrap();
    }
    for length in [u32::MAX, u32::MAX - 7, u32::MAX - 15, 1 << 31, 1 << 30] {
        let packet = [&[0; 4][..], &length.to_be_bytes(), &[0; 40]].concat();
        assert_eq!(owner(&set, &packet), None, "{length:x}");
    }
}
