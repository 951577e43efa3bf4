//! How capabilities end in the naive model.

use std::collections::BTreeSet;

use exo_core::error::SysError;

use super::{Answer, Binding, Model, Thing};

impl Model {
    pub(super) fn revoke(&mut self, env: u8, number: u64) -> Answer {
        let key = self.key(number)?;
        let owner = match key.thing {
            Thing::Frame(frame) => self.owners.get(&frame).copied(),
            Thing::Blocks(first, _) => {
                let extent = self.extents.iter().find(|it| it.first == first);
                extent.map(|it| it.owner)
            }
        };
        if key.maker != env && owner != Some(env) {
            return Err(SysError::NoAuthority);
        }
        if matches!(key.thing, Thing::Blocks(..)) && key.parent.is_none() {
            return self.extent_free(env, number);
        }
        self.end(number);
        Ok(0)
    }

    /// Ends a capability, what was derived from it, and what rests on either.
    pub(super) fn end(&mut self, number: u64) {
        let mut gone = BTreeSet::from([number]);
        // Those made later come later, so one pass sees parents first.
        for key in &mut self.keys {
            let falls = gone.contains(&key.number)
                || key.parent.is_some_and(|parent| gone.contains(&parent));
            if falls && key.live {
                key.live = false;
                gone.insert(key.number);
            }
        }
        let rests = |it: &Binding| it.key.is_some_and(|key| gone.contains(&key));
        self.bindings.retain(|_, it| !rests(it));
    }
}
