//! Tables by number. The tree that looks numbers up is the same for all of them, so that the page
//! carries its code once; it stays fast however many entries a hostile source makes.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use crate::tree::{ExprId, FunctionId, LocalId, LoopId};

/// What an entry is found by.
pub(crate) trait Key: Copy {
    /// Another for each.
    fn numbers(self) -> (u64, u64);
}

impl Key for u64 {
    fn numbers(self) -> (u64, u64) {
        (self, 0)
    }
}

impl Key for usize {
    fn numbers(self) -> (u64, u64) {
        (self as u64, 0)
    }
}

macro_rules! ids {
    ($($id:ty),+) => {$(
        impl Key for $id {
            fn numbers(self) -> (u64, u64) {
                self.0.numbers()
            }
        }
    )+};
}

ids!(ExprId, FunctionId, LocalId, LoopId);

/// A value for each of some keys.
#[derive(Debug)]
pub(crate) struct Table<K, V> {
    places: BTreeMap<(u64, u64), usize>,
    values: Vec<V>,
    keys: PhantomData<K>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Table {
            places: BTreeMap::new(),
            values: Vec::new(),
            keys: PhantomData,
        }
    }
}

impl<K: Key, V> Table<K, V> {
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub(crate) fn get(&self, key: K) -> Option<&V> {
        self.values.get(*self.places.get(&key.numbers())?)
    }

    pub(crate) fn get_mut(&mut self, key: K) -> Option<&mut V> {
        self.values.get_mut(*self.places.get(&key.numbers())?)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.get_mut(key) {
            Some(known) => *known = value,
            None => {
                self.places.insert(key.numbers(), self.values.len());
                self.values.push(value);
            }
        }
    }
}

/// Some keys.
#[derive(Debug)]
pub(crate) struct Set<K>(Table<K, ()>);

impl<K> Default for Set<K> {
    fn default() -> Self {
        Set(Table::default())
    }
}

impl<K: Key> Set<K> {
    pub(crate) fn contains(&self, key: K) -> bool {
        self.0.get(key).is_some()
    }

    /// Adds a key; whether it is new.
    pub(crate) fn insert(&mut self, key: K) -> bool {
        let new = !self.contains(key);
        self.0.insert(key, ());
        new
    }
}

impl Set<usize> {
    /// The numbers, least first.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = usize> {
        self.0.places.keys().map(|(number, _)| *number as usize)
    }
}

/// A value for each of some names. The names of a type's items begin with the type's.
#[derive(Debug)]
pub(crate) struct Names<V> {
    places: BTreeMap<String, usize>,
    values: Vec<V>,
}

impl<V> Default for Names<V> {
    fn default() -> Self {
        Names {
            places: BTreeMap::new(),
            values: Vec::new(),
        }
    }
}

impl<V> Names<V> {
    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        self.values.get(*self.places.get(name)?)
    }

    pub(crate) fn contains_key(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    pub(crate) fn insert(&mut self, name: String, value: V) {
        self.places.insert(name, self.values.len());
        self.values.push(value);
    }

    /// The names in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &String> {
        self.places.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::{Set, Table};

    #[test]
    fn the_last_value_of_a_key_counts() {
        let mut table = Table::default();
        table.insert(7u64, 'a');
        table.insert(3, 'b');
        table.insert(7, 'c');
        assert_eq!(table.get(7), Some(&'c'));
        assert_eq!(table.get(3), Some(&'b'));
        assert_eq!(table.get(4), None);
    }

    #[test]
    fn a_key_is_new_once() {
        let mut set = Set::default();
        assert!(set.insert(5usize));
        assert!(!set.insert(5));
        assert!(set.contains(5));
        assert!(!set.contains(6));
    }
}
