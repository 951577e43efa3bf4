//! Map, grant and flush do what is said of them, and the table stays right under any of them.

use alloc::vec::Vec;

use super::{MapError, Mapped, Place, SIGMA0, Space, Spaces};
use crate::ids::{Access, Frame, Page};
use crate::rng::Rng;

fn place(space: u8, page: u32) -> Place {
    Place {
        space: Space(space),
        page: Page(page),
    }
}

fn held(frame: u32) -> Place {
    Place {
        space: SIGMA0,
        page: Page(frame),
    }
}

fn mapped(frame: u32, access: Access) -> Option<Mapped> {
    let frame = Frame(frame);
    Some(Mapped { frame, access })
}

const RW: Access = Access::ReadWrite;
const R: Access = Access::Read;

/// L02.
#[test]
fn at_boot_one_space_holds_all_of_memory_and_every_other_is_empty() {
    let spaces = Spaces::new(3);
    let all: Vec<_> = spaces
        .all()
        .map(|(place, it)| (place, it.frame.0))
        .collect();
    assert_eq!(all, [(held(0), 0), (held(1), 1), (held(2), 2)]);
    assert_eq!(spaces.at(place(1, 0)), None);
}

/// L03, map.
#[test]
fn a_mapped_page_is_accessible_in_both_spaces() {
    let mut spaces = Spaces::new(2);
    assert_eq!(spaces.map(held(1), place(1, 7), RW), Ok(Vec::new()));
    assert_eq!(spaces.at(held(1)), mapped(1, RW));
    assert_eq!(spaces.at(place(1, 7)), mapped(1, RW));
    assert_eq!(spaces.from(place(1, 7)), Some(held(1)));
}

/// L03, grant: the page leaves the granter, and what it had handed on stays.
#[test]
fn a_granted_page_leaves_the_granter_and_keeps_what_came_from_it() {
    let mut spaces = Spaces::new(1);
    spaces.map(held(0), place(1, 1), RW).unwrap();
    spaces.map(place(1, 1), place(2, 2), R).unwrap();
    assert_eq!(
        spaces.grant(place(1, 1), place(3, 3)),
        Ok([place(1, 1)].to_vec())
    );
    assert_eq!(spaces.at(place(1, 1)), None);
    assert_eq!(spaces.at(place(3, 3)), mapped(0, RW));
    assert_eq!(spaces.at(place(2, 2)), mapped(0, R));
    assert_eq!(spaces.from(place(2, 2)), Some(place(3, 3)));
    assert_eq!(spaces.flush(place(3, 3), None), [place(2, 2)]);
    spaces.check().unwrap();
}

/// L03, flush, and L09: nobody is asked.
#[test]
fn a_flush_takes_a_page_from_all_who_got_it_directly_or_indirectly_and_the_flusher_keeps_it() {
    let mut spaces = Spaces::new(2);
    spaces.map(held(0), place(1, 1), RW).unwrap();
    spaces.map(place(1, 1), place(2, 2), RW).unwrap();
    spaces.map(place(2, 2), place(3, 3), R).unwrap();
    spaces.map(place(1, 1), place(4, 4), R).unwrap();
    spaces.map(held(1), place(3, 9), RW).unwrap();
    let mut gone = spaces.flush(place(1, 1), None);
    gone.sort_unstable();
    assert_eq!(gone, [place(2, 2), place(3, 3), place(4, 4)]);
    assert_eq!(
        spaces.at(place(1, 1)),
        mapped(0, RW),
        "the flusher keeps it"
    );
    assert_eq!(spaces.at(place(3, 9)), mapped(1, RW), "another page stays");
    assert_eq!(spaces.flush(place(1, 1), None), []);
    spaces.check().unwrap();
}

/// L03: rights may be restricted.
#[test]
fn a_flush_can_leave_the_right_to_read() {
    let mut spaces = Spaces::new(1);
    spaces.map(held(0), place(1, 1), RW).unwrap();
    spaces.map(place(1, 1), place(2, 2), RW).unwrap();
    spaces.map(place(2, 2), place(3, 3), R).unwrap();
    assert_eq!(spaces.flush(place(1, 1), Some(R)), [place(2, 2)]);
    assert_eq!(spaces.at(place(2, 2)), mapped(0, R));
    assert_eq!(spaces.at(place(1, 1)), mapped(0, RW));
    spaces.check().unwrap();
}

/// L03: only pages that one can access oneself, and never with more rights.
#[test]
fn nobody_hands_on_what_he_does_not_have_or_more_than_he_has() {
    let mut spaces = Spaces::new(2);
    spaces.map(held(0), place(1, 1), R).unwrap();
    let before = spaces.clone();
    let extends = spaces.map(place(1, 1), place(2, 2), RW);
    assert_eq!(extends, Err(MapError::Extends));
    let nothing = spaces.map(place(1, 2), place(2, 2), R);
    assert_eq!(nothing, Err(MapError::NothingThere));
    let granted = spaces.grant(place(1, 2), place(2, 2));
    assert_eq!(granted, Err(MapError::NothingThere));
    assert_eq!(spaces, before, "a refusal changes nothing");
}

#[test]
fn a_page_cannot_be_put_in_the_place_it_came_from() {
    let mut spaces = Spaces::new(1);
    spaces.map(held(0), place(1, 1), RW).unwrap();
    spaces.map(place(1, 1), place(2, 2), RW).unwrap();
    let before = spaces.clone();
    for above in [place(2, 2), place(1, 1), held(0)] {
        assert_eq!(spaces.map(place(2, 2), above, R), Err(MapError::Circular));
        assert_eq!(spaces.grant(place(2, 2), above), Err(MapError::Circular));
    }
    assert_eq!(spaces, before);
}

/// A place that gets another page loses the old one, with all that came from there.
#[test]
fn what_lay_at_a_place_goes_when_another_page_comes() {
    let mut spaces = Spaces::new(2);
    spaces.map(held(0), place(1, 1), RW).unwrap();
    spaces.map(place(1, 1), place(2, 2), RW).unwrap();
    let gone = spaces.map(held(1), place(1, 1), R).unwrap();
    assert_eq!(gone, [place(2, 2), place(1, 1)]);
    assert_eq!(spaces.at(place(1, 1)), mapped(1, R));
    assert_eq!(spaces.at(place(2, 2)), None);
    spaces.check().unwrap();
}

/// Against the plainest model: a flat list of "this came from that", searched from end to end.
#[test]
fn after_any_sequence_of_operations_the_spaces_are_those_of_a_flat_list() {
    let mut rng = Rng::new(3, 9);
    let mut refusals = 0;
    for _ in 0..60 {
        let mut spaces = Spaces::new(3);
        let mut list: Vec<(Place, Option<Place>, Mapped)> =
            spaces.all().map(|(place, it)| (place, None, it)).collect();
        for _ in 0..80 {
            let mut any = |spaces: u32| match rng.below(spaces + 1) {
                0 => held(rng.below(3)),
                space => place(space as u8, rng.below(3)),
            };
            let (from, to) = (any(3), any(2));
            let access = [R, RW][rng.below(2) as usize];
            let before = list.clone();
            let done = match rng.below(3) {
                0 => spaces.map(from, to, access).is_ok() == flat_map(&mut list, from, to, access),
                1 => spaces.grant(from, to).is_ok() == flat_grant(&mut list, from, to),
                _ => {
                    spaces.flush(from, (access == R).then_some(R));
                    flat_flush(&mut list, from, access == R);
                    true
                }
            };
            assert!(done, "{from:?} to {to:?}: one of them refuses");
            refusals += u32::from(list == before);
            let mut flat: Vec<_> = list.iter().map(|(place, _, it)| (*place, *it)).collect();
            flat.sort_unstable_by_key(|it| it.0);
            assert_eq!(spaces.all().collect::<Vec<_>>(), flat);
            spaces.check().unwrap();
        }
    }
    assert!(refusals > 100, "some operations are refused");
}

type Flat = Vec<(Place, Option<Place>, Mapped)>;

/// All that came from a place, one generation after the other.
fn below(list: &Flat, place: Place) -> Vec<Place> {
    let mut found = [place].to_vec();
    loop {
        let children = list.iter().filter(|(own, from, _)| {
            from.is_some_and(|from| found.contains(&from)) && !found.contains(own)
        });
        let children: Vec<Place> = children.map(|it| it.0).collect();
        if children.is_empty() {
            found.remove(0);
            return found;
        }
        found.extend(children);
    }
}

fn flat_flush(list: &mut Flat, place: Place, keeps: bool) {
    let below = below(list, place);
    if keeps {
        let those = list.iter_mut().filter(|it| below.contains(&it.0));
        those.for_each(|it| it.2.access = R);
    } else {
        list.retain(|it| !below.contains(&it.0));
    }
}

fn flat_clear(list: &mut Flat, place: Place) {
    flat_flush(list, place, false);
    list.retain(|it| it.0 != place);
}

fn flat_may(list: &Flat, from: Place, to: Place) -> Option<Mapped> {
    let held = list.iter().find(|it| it.0 == from)?.2;
    let circular = from == to || below(list, to).contains(&from);
    (!circular).then_some(held)
}

fn flat_map(list: &mut Flat, from: Place, to: Place, access: Access) -> bool {
    let Some(held) = flat_may(list, from, to).filter(|it| it.access.covers(access)) else {
        return false;
    };
    flat_clear(list, to);
    let frame = held.frame;
    list.push((to, Some(from), Mapped { frame, access }));
    true
}

fn flat_grant(list: &mut Flat, from: Place, to: Place) -> bool {
    if flat_may(list, from, to).is_none() {
        return false;
    }
    flat_clear(list, to);
    for (place, source, _) in list.iter_mut() {
        if *place == from {
            *place = to;
        }
        if *source == Some(from) {
            *source = Some(to);
        }
    }
    true
}
