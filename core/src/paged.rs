//! A table that checkpoints copy by the page: only chunks that changed are copied (D1).

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::derived::Derived;

/// A table of fixed length whose checkpoints share the chunks that did not change between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    items: Vec<T>,
    changed: Derived<Vec<bool>>,
    shared: Derived<Vec<Option<Arc<[T]>>>>,
}

/// A [`Paged`] table at one moment.
#[derive(Clone, Debug)]
pub struct PagedCheckpoint<T> {
    chunks: Vec<Option<Arc<[T]>>>,
}

/// Size of a chunk in bytes, as near as whole items allow.
const CHUNK_BYTES: usize = 4096;

impl<T: Copy> Paged<T> {
    const CHUNK: usize = {
        let items = CHUNK_BYTES / size_of::<T>();
        if items == 0 { 1 } else { items }
    };

    /// A table of `length` copies of `item`.
    pub fn new(item: T, length: usize) -> Paged<T> {
        let chunks = length.div_ceil(Self::CHUNK);
        Paged {
            items: alloc::vec![item; length],
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
                *shared = Some(Arc::from(chunk));
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
                chunk.copy_from_slice(wanted);
                *shared = Some(wanted.clone());
                *changed = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Paged;

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
}
