//! Sorting. Each kind of list that is sorted by itself costs the page some kilobytes of code.

use std::cmp::Ordering;

/// The places of a list in order, those that are equal as they stand.
pub(crate) fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|left, right| compare(*left, *right));
    places
}

/// A list in order, those that are equal as they stand.
pub fn sorted<T>(list: Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let by_place = |left: usize, right: usize| match (list.get(left), list.get(right)) {
        (Some(left), Some(right)) => compare(left, right),
        _ => Ordering::Equal,
    };
    let places = order(list.len(), &by_place);
    let mut list: Vec<Option<T>> = list.into_iter().map(Some).collect();
    let taken = places
        .into_iter()
        .filter_map(|place| list.get_mut(place)?.take());
    taken.collect()
}

#[cfg(test)]
mod tests {
    use super::sorted;

    #[test]
    fn equals_stay_as_they_stand_and_nothing_is_lost() {
        let list = vec![(3, 'a'), (1, 'b'), (3, 'c'), (2, 'd'), (1, 'e')];
        let expected = vec![(1, 'b'), (1, 'e'), (2, 'd'), (3, 'a'), (3, 'c')];
        assert_eq!(sorted(list, |left, right| left.0.cmp(&right.0)), expected);
    }
}
