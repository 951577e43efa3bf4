//! A libOS's page table, read out of its own state by the structure that it has.
//!
//! A page table is a struct among the policy's fields with the fields of one that comes along (inverted, linear,
//! two-level), by name and kind; how large its arrays are is the policy's affair. Another struct is no table here. A
//! look-up follows the shipped `find`; where a policy looks up in another way, `astray` says how many pages that misses.

use super::{Inside, Kind, Value};

/// How a page table leads from a page to a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Structure {
    /// Chains of slots whose pages have the same hash.
    Inverted,
    /// A list of slots in order of their pages.
    Linear,
    /// A directory of leaves, each for neighbouring pages.
    TwoLevel,
}

/// The fields that each has, with what is in them: `u` for an integer, `f` for a frame, `[` before it for an array.
const SHAPES: [(Structure, &[(&str, &str)]); 3] = [
    (
        Structure::Inverted,
        &[
            ("page", "[u"),
            ("frame", "[f"),
            ("used", "u"),
            ("next", "[u"),
            ("chain", "[u"),
        ],
    ),
    (
        Structure::Linear,
        &[
            ("page", "[u"),
            ("frame", "[f"),
            ("used", "u"),
            ("sorted", "[u"),
            ("count", "u"),
        ],
    ),
    (
        Structure::TwoLevel,
        &[
            ("page", "[u"),
            ("frame", "[f"),
            ("used", "u"),
            ("leaf", "[u"),
            ("slot", "[u"),
            ("held", "[u"),
            ("free", "[u"),
            ("leaves_taken", "u"),
            ("leaves_free", "u"),
        ],
    ),
];

/// Marks the end of a chain, and a page of a leaf without a slot.
const NONE: u64 = u16::MAX as u64;

/// A page table.
#[derive(Clone, Copy, Debug)]
pub struct PageTable<'run> {
    /// How it leads from a page to a slot.
    pub structure: Structure,
    table: Value<'run>,
    page: Value<'run>,
    frame: Value<'run>,
    /// What leads to slots: `next`, `sorted` or `leaf`.
    first: Value<'run>,
    /// The rest of it: `chain`, `count` or `slot`.
    second: Value<'run>,
    /// Pages of a leaf.
    leaf_pages: u32,
}

/// Slots that belong together: those of a chain, of the whole list, of a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which one it is: the chain's or the directory entry's index.
    pub index: u32,
    /// The leaf's number.
    pub leaf: Option<u32>,
    /// Its slots in order; of a leaf one for each of its pages, none where there is no page.
    pub slots: Vec<Option<u32>>,
}

/// An element that a look-up reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What it reads: the table's array, and the index.
    pub reads: (&'static str, u32),
    /// The slot that it finds there, if it finds one.
    pub slot: Option<u32>,
}

/// How a page is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookUp {
    /// The elements that are read, in order.
    pub probes: Vec<Probe>,
    /// The slot that holds it.
    pub slot: Option<u32>,
}

impl<'run> PageTable<'run> {
    /// The page table in a program's state; none if no field of it has the shape of one that comes along.
    pub fn of(inside: &'run Inside<'_>) -> Option<PageTable<'run>> {
        inside.fields().find_map(PageTable::read)
    }

    fn read(table: Value<'run>) -> Option<PageTable<'run>> {
        let (structure, _) = SHAPES.iter().find(|(_, shape)| has_shape(&table, shape))?;
        let field = |name: &str| table.field(name);
        let (page, frame) = (field("page")?, field("frame")?);
        let (first, second, equal) = match structure {
            Structure::Inverted => ("next", "chain", "next"),
            Structure::Linear => ("sorted", "count", "sorted"),
            Structure::TwoLevel => ("leaf", "slot", "free"),
        };
        let (first, second) = (field(first)?, field(second)?);
        let slots = page.length();
        let same = frame.length() == slots && field(equal)?.length() == slots;
        let leaf_pages = match structure {
            Structure::TwoLevel => second.length().checked_div(field("held")?.length())?,
            _ => 1,
        };
        let large = slots > 0 && leaf_pages > 0 && first.length() > 0;
        let chains = *structure != Structure::Inverted || second.length() > 0;
        (same && large && chains).then_some(PageTable {
            structure: *structure,
            table,
            page,
            frame,
            first,
            second,
            leaf_pages,
        })
    }

    /// The name of the field that it is.
    pub fn name(&self) -> &'run str {
        self.table.name()
    }

    /// How many slots have a frame.
    pub fn used(&self) -> u32 {
        let used = self.table.field("used").and_then(|it| it.number());
        let used = used.and_then(|it| u32::try_from(it).ok());
        used.unwrap_or(0).min(self.page.length())
    }

    /// The page of a slot.
    pub fn page(&self, slot: u32) -> Option<u32> {
        small(self.page.number_at(slot))
    }

    /// The frame of a slot.
    pub fn frame(&self, slot: u32) -> Option<u32> {
        small(self.frame.number_at(slot))
    }

    /// Its chains that are not empty, its list, or its directory's entries that have a leaf.
    pub fn groups(&self) -> Vec<Group> {
        match self.structure {
            Structure::Inverted => {
                let chains = 0..self.second.length();
                let groups = chains.map(|index| Group {
                    index,
                    leaf: None,
                    slots: self.chain(index).map(Some).collect(),
                });
                groups.filter(|it| !it.slots.is_empty()).collect()
            }
            Structure::Linear => {
                let slots = (0..self.count()).map(|at| self.slot_in(self.first, at));
                vec![Group {
                    index: 0,
                    leaf: None,
                    slots: slots.collect(),
                }]
            }
            Structure::TwoLevel => {
                let entries = (0..self.first.length()).filter_map(|index| {
                    let leaf = self.leaf(index).filter(|leaf| *leaf > 0)?;
                    let pages = leaf.saturating_mul(self.leaf_pages);
                    let places = pages..pages.saturating_add(self.leaf_pages);
                    Some(Group {
                        index,
                        leaf: Some(leaf),
                        slots: places.map(|it| self.slot_in(self.second, it)).collect(),
                    })
                });
                entries.collect()
            }
        }
    }

    /// How `page` is looked for.
    pub fn look_up(&self, page: u32) -> LookUp {
        let mut path = LookUp::default();
        match self.structure {
            Structure::Inverted => self.look_up_chain(page, &mut path),
            Structure::Linear => self.look_up_list(page, &mut path),
            Structure::TwoLevel => self.look_up_leaf(page, &mut path),
        }
        path
    }

    /// How many pages are in the structure that a look-up does not find in their slot.
    pub fn astray(&self) -> usize {
        let groups = self.groups();
        let slots = groups.iter().flat_map(|it| it.slots.iter().flatten());
        let found = |slot: u32| {
            let page = self.page(slot)?;
            (self.look_up(page).slot == Some(slot)).then_some(())
        };
        slots.filter(|slot| found(**slot).is_none()).count()
    }

    fn look_up_chain(&self, page: u32, path: &mut LookUp) {
        let chain = page % self.second.length();
        let mut reads = ("chain", chain);
        for slot in self.chain(chain) {
            path.probe(reads, Some(slot));
            if self.page(slot) == Some(page) {
                path.slot = Some(slot);
                return;
            }
            reads = ("next", slot);
        }
        path.probe(reads, None);
    }

    fn look_up_list(&self, page: u32, path: &mut LookUp) {
        let (mut low, mut high) = (0, self.count());
        while low < high {
            let middle = low + (high - low) / 2;
            let slot = self.slot_in(self.first, middle);
            path.probe(("sorted", middle), slot);
            let at = slot.and_then(|slot| self.page(slot));
            if at.is_some_and(|at| at < page) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if low < self.count() {
            let slot = self.slot_in(self.first, low);
            path.probe(("sorted", low), slot);
            path.slot = slot.filter(|slot| self.page(*slot) == Some(page));
        }
    }

    fn look_up_leaf(&self, page: u32, path: &mut LookUp) {
        let part = page / self.leaf_pages;
        path.probe(("leaf", part), None);
        let leaf = self.leaf(part).unwrap_or(0);
        let place = leaf.saturating_mul(self.leaf_pages);
        let place = place.saturating_add(page % self.leaf_pages);
        path.slot = self.slot_in(self.second, place);
        path.probe(("slot", place), path.slot);
    }

    /// The slots of a chain. One that leads in a circle ends when every slot could have been in it.
    fn chain(&self, index: u32) -> impl Iterator<Item = u32> {
        let table = *self;
        let next = move |slot: &u32| table.slot_in(table.first, *slot);
        let chain = std::iter::successors(self.slot_in(self.second, index), next);
        chain.take(self.used() as usize)
    }

    /// How many slots are in the list.
    fn count(&self) -> u32 {
        small(self.second.number())
            .unwrap_or(0)
            .min(self.first.length())
    }

    /// The leaf of a part of the address space; leaf 0 is empty.
    fn leaf(&self, part: u32) -> Option<u32> {
        small(self.first.number_at(part))
    }

    /// The slot that an element names.
    fn slot_in(&self, array: Value<'run>, index: u32) -> Option<u32> {
        let slot = array.number_at(index).filter(|slot| *slot != NONE);
        small(slot).filter(|slot| *slot < self.page.length())
    }

    /// The array of a probe, as the state has it.
    pub fn reads(&self, probe: &Probe) -> Option<Value<'run>> {
        self.table.field(probe.reads.0)?.element(probe.reads.1)
    }
}

impl LookUp {
    fn probe(&mut self, reads: (&'static str, u32), slot: Option<u32>) {
        self.probes.push(Probe { reads, slot });
    }
}

fn small(number: Option<u64>) -> Option<u32> {
    u32::try_from(number?).ok()
}

/// Whether a value is a struct of just these fields.
fn has_shape(table: &Value<'_>, shape: &[(&str, &str)]) -> bool {
    let mut wanted = shape.iter();
    let all = table.fields().all(|field| {
        wanted.next().is_some_and(|(name, kind)| {
            let array = matches!(field.kind(), Kind::Array(_));
            let one = if array { field.element(0) } else { Some(field) };
            field.name() == *name
                && array == kind.starts_with('[')
                && one.is_some_and(|it| {
                    it.number().is_some() && it.is_frames() == kind.ends_with('f')
                })
        })
    });
    all && wanted.next().is_none() && matches!(table.kind(), Kind::Struct(_))
}
