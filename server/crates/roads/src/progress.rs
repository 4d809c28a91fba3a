//! Telling the caller how far a build is.

/// Where a build stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildStep {
    /// What is being done, in two words.
    pub name: &'static str,
    /// Units done in this step.
    pub done: u64,
    /// Units this step has.
    pub total: u64,
}

/// The caller's function with the step that is running.
pub(crate) struct Progress<'a> {
    tell: &'a mut dyn FnMut(BuildStep),
    name: &'static str,
    total: u64,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(tell: &'a mut dyn FnMut(BuildStep)) -> Self {
        Self { tell, name: "", total: 0 }
    }

    pub(crate) fn start(&mut self, name: &'static str, total: u64) {
        self.name = name;
        self.total = total;
        self.at(0);
    }

    pub(crate) fn at(&mut self, done: u64) {
        (self.tell)(BuildStep { name: self.name, done, total: self.total });
    }
}
