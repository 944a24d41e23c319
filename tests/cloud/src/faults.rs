//! What operations are told to do wrong.

use std::collections::BTreeMap;

/// How an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// So many calls are too many.
    Throttle(u32),
    /// So many calls meet a server that broke.
    Break(u32),
    /// Every call: its sender may not do this.
    Deny,
    /// No call is ever answered.
    Hang,
}

/// The faults of all operations.
#[derive(Debug, Default)]
pub(crate) struct Faults(BTreeMap<String, Fault>);

impl Faults {
    /// `*` means every operation that has none of its own.
    pub(crate) fn set(&mut self, operation: &str, fault: Option<Fault>) {
        match fault {
            Some(fault) => self.0.insert(operation.to_owned(), fault),
            None => self.0.remove(operation),
        };
    }

    /// What happens to this call; a counted fault has happened once more afterwards.
    pub(crate) fn meet(&mut self, operation: &str) -> Option<Fault> {
        let known = self.0.contains_key(operation);
        let fault = self.0.get_mut(if known { operation } else { "*" })?;
        match fault {
            Fault::Throttle(0) | Fault::Break(0) => return None,
            Fault::Throttle(left) | Fault::Break(left) => *left -= 1,
            Fault::Deny | Fault::Hang => {}
        }
        Some(*fault)
    }
}
