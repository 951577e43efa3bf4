//! A table that checkpoints copy by the page: only chunks that changed are copied (D1).

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::derived::Derived;

/// A table of fixed length whose checkpoints share the chunks that did not change between them, and
/// keep only those items of the others that are not what every item was to begin with, if they are few.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    items: Vec<T>,
    first: T,
    changed: Derived<Vec<bool>>,
    shared: Derived<Vec<Option<Arc<Chunk<T>>>>>,
}

/// A [`Paged`] table at one moment.
#[derive(Clone, Debug)]
pub struct PagedCheckpoint<T> {
    chunks: Vec<Option<Arc<Chunk<T>>>>,
}

/// Items of one chunk.
#[derive(Clone, Debug)]
enum Chunk<T> {
    /// All of them.
    All(Box<[T]>),
    /// Those that are not what they were to begin with, with their places in the chunk.
    Few(Box<[(u16, T)]>),
}

impl<T: Copy + PartialEq> Chunk<T> {
    fn of(items: &[T], first: T) -> Chunk<T> {
        let other = |item: &&T| **item != first;
        if items.iter().filter(other).count() > items.len() / 2 {
            return Chunk::All(items.into());
        }
        let placed = (0..).zip(items.iter().copied());
        Chunk::Few(placed.filter(|(_, item)| *item != first).collect())
    }

    fn put_back(&self, items: &mut [T], first: T) {
        match self {
            Chunk::All(all) if all.len() == items.len() => items.copy_from_slice(all),
            Chunk::All(_) => {}
            Chunk::Few(few) => {
                items.fill(first);
                for (place, item) in few {
                    if let Some(held) = items.get_mut(usize::from(*place)) {
                        *held = *item;
                    }
                }
            }
        }
    }
}

impl<T> Chunk<T> {
    fn bytes(&self) -> usize {
        match self {
            Chunk::All(all) => size_of_val(&**all),
            Chunk::Few(few) => size_of_val(&**few),
        }
    }
}

/// Copies of a table that does not note what changed: of two that follow each other, chunks with equal
/// items are one piece of memory.
#[derive(Clone, Debug, Default)]
pub struct EqualChunks<T> {
    chunks: Vec<Arc<[T]>>,
}

/// Size of a chunk in bytes, as near as whole items allow.
const CHUNK_BYTES: usize = 4096;

/// Whether a piece is not the one that stood in its place before: then whoever holds it holds it alone.
pub(crate) fn is_own<T: ?Sized>(piece: &Arc<T>, before: Option<&Arc<T>>) -> bool {
    before.is_none_or(|before| !Arc::ptr_eq(before, piece))
}

/// Items of a chunk.
const fn chunk_items<T>() -> usize {
    let items = CHUNK_BYTES / size_of::<T>();
    if items == 0 { 1 } else { items }
}

impl<T: Copy + PartialEq> EqualChunks<T> {
    /// Becomes a copy of `items`, of which what is equal stays.
    pub fn follow(&mut self, items: &[T]) {
        let chunks = items.chunks(chunk_items::<T>());
        self.chunks.truncate(chunks.len());
        for (index, chunk) in chunks.enumerate() {
            match self.chunks.get_mut(index) {
                Some(held) if **held == *chunk => {}
                Some(held) => *held = Arc::from(chunk),
                None => self.chunks.push(Arc::from(chunk)),
            }
        }
    }

    /// Writes the copy over `items`, a table of the same length.
    pub fn put_back(&self, items: &mut [T]) {
        for (chunk, held) in items.chunks_mut(chunk_items::<T>()).zip(&self.chunks) {
            if chunk.len() == held.len() {
                chunk.copy_from_slice(held);
            }
        }
    }

    /// Bytes that this copy holds and `before` does not.
    pub fn bytes_beyond(&self, before: Option<&EqualChunks<T>>) -> usize {
        let before = |index: usize| before.and_then(|it| it.chunks.get(index));
        let all = self.chunks.iter().enumerate();
        let own = all.filter(|(index, held)| is_own(held, before(*index)));
        size_of_val(self.chunks.as_slice())
            + own.map(|(_, held)| size_of_val(&**held)).sum::<usize>()
    }
}

impl<T> PagedCheckpoint<T> {
    /// Bytes that this one holds and `before`, taken of the same table, does not.
    pub fn bytes_beyond(&self, before: Option<&PagedCheckpoint<T>>) -> usize {
        let before = |index: usize| before.and_then(|it| it.chunks.get(index)?.as_ref());
        let held = self.chunks.iter().enumerate();
        let held = held.filter_map(|(index, chunk)| Some((index, chunk.as_ref()?)));
        let own = held.filter(|(index, held)| is_own(held, before(*index)));
        size_of_val(self.chunks.as_slice())
            + own
                .map(|(_, held)| size_of::<Chunk<T>>() + held.bytes())
                .sum::<usize>()
    }
}

impl<T: Copy + PartialEq> Paged<T> {
    const CHUNK: usize = chunk_items::<T>();

    /// A table of `length` copies of `item`.
    pub fn new(item: T, length: usize) -> Paged<T> {
        let chunks = length.div_ceil(Self::CHUNK);
        Paged {
            items: alloc::vec![item; length],
            first: item,
            changed: Derived(alloc::vec![true; chunks]),
            shared: Derived(alloc::vec![None; chunks]),
        }
    }

    /// All items.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// One item.
    #[inline]
    pub fn get(&self, index: usize) -> Option<T> {
        self.items.get(index).copied()
    }

    /// One item, to be changed.
    #[inline]
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        if let Some(changed) = self.changed.0.get_mut(index / Self::CHUNK) {
            *changed = true;
        }
        self.items.get_mut(index)
    }

    /// Takes a checkpoint: copies the chunks that changed since the last one.
    pub fn checkpoint(&mut self) -> PagedCheckpoint<T> {
        let chunks = self.items.chunks(Self::CHUNK);
        for ((chunk, changed), shared) in chunks.zip(&mut self.changed.0).zip(&mut self.shared.0) {
            if *changed {
                *shared = Some(Arc::new(Chunk::of(chunk, self.first)));
                *changed = false;
            }
        }
        PagedCheckpoint {
            chunks: self.shared.0.clone(),
        }
    }

    /// Goes to a checkpoint of this table: copies back the chunks that differ.
    pub fn restore(&mut self, checkpoint: &PagedCheckpoint<T>) {
        let chunks = self.items.chunks_mut(Self::CHUNK);
        for (((chunk, changed), shared), wanted) in chunks
            .zip(&mut self.changed.0)
            .zip(&mut self.shared.0)
            .zip(&checkpoint.chunks)
        {
            let Some(wanted) = wanted else { continue };
            let same = shared
                .as_ref()
                .is_some_and(|held| Arc::ptr_eq(held, wanted));
            if *changed || !same {
                wanted.put_back(chunk, self.first);
                *shared = Some(wanted.clone());
                *changed = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EqualChunks, Paged};

    #[test]
    fn a_checkpoint_shares_what_did_not_change_and_restores_what_did() {
        let mut table = Paged::new(0_u64, 2000);
        let before = table.checkpoint();
        *table.get_mut(1999).unwrap() = 7;
        let after = table.checkpoint();
        assert!(alloc::sync::Arc::ptr_eq(
            before.chunks[0].as_ref().unwrap(),
            after.chunks[0].as_ref().unwrap()
        ));
        *table.get_mut(0).unwrap() = 9;
        table.restore(&before);
        assert!(table.items().iter().all(|item| *item == 0));
        table.restore(&after);
        assert_eq!((table.get(0), table.get(1999)), (Some(0), Some(7)));
    }

    #[test]
    fn what_a_checkpoint_holds_alone_are_the_few_other_items_of_its_changed_chunks() {
        let mut table = Paged::new(0_u64, 2000);
        let before = table.checkpoint();
        *table.get_mut(1999).unwrap() = 7;
        let after = table.checkpoint();
        let again = table.checkpoint();
        let pointers = again.bytes_beyond(Some(&after));
        let chunk = size_of::<super::Chunk<u64>>();
        let alone = after.bytes_beyond(Some(&before)) - pointers;
        assert_eq!(alone, chunk + size_of::<(u16, u64)>());
        assert_eq!(after.bytes_beyond(None) - pointers, 3 * chunk + alone);
    }

    #[test]
    fn a_chunk_with_many_other_items_comes_back_whole_and_one_with_few_too() {
        let mut table = Paged::new(5_u64, 1100);
        (0..1100)
            .filter(|it| it % 512 < 300 || it % 7 == 0)
            .for_each(|it| {
                *table.get_mut(it).unwrap() = it as u64;
            });
        let items = table.items().to_vec();
        let checkpoint = table.checkpoint();
        (0..1100).for_each(|it| *table.get_mut(it).unwrap() = 9);
        table.restore(&checkpoint);
        assert_eq!(table.items(), items);
    }

    #[test]
    fn copies_that_follow_each_other_share_equal_chunks_and_are_put_back_whole() {
        let mut items = [3_u64; 1000];
        let mut copy = EqualChunks::default();
        copy.follow(&items);
        let before = copy.clone();
        items[999] = 4;
        copy.follow(&items);
        let pointers = copy.bytes_beyond(Some(&copy));
        assert_eq!(
            copy.bytes_beyond(Some(&before)) - pointers,
            (1000 - 512) * 8
        );
        before.put_back(&mut items);
        assert_eq!(items, [3; 1000]);
    }
}
