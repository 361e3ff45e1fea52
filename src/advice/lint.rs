//! What a lint is, and the list of all.

use super::fix::Fix;
use super::place::{Container, Unit};
use super::{container, pod, probe, proved, workload};
use crate::manifest::Source;
use crate::text::Span;
use crate::time::SimTime;
use crate::trace::Run;

/// A rule of good practice.
#[derive(Debug)]
pub struct Lint {
    /// Its stable name.
    pub id: &'static str,
    /// The item of the course that teaches it.
    pub lesson: &'static str,
    /// Why it matters.
    pub reason: &'static str,
    pub(super) check: Check,
}

/// What a lint looks at.
#[derive(Debug)]
pub(super) enum Check {
    /// An object as it is written.
    Object(fn(&Unit<'_>, &mut Found<'_>)),
    /// A pod, or the template of one.
    Pod(fn(&Unit<'_>, &mut Found<'_>)),
    /// Each container of it.
    Container(fn(&Container<'_>, &mut Found<'_>)),
    /// What became of it.
    Run(fn(&Source, &Run, &mut Found<'_>)),
}

/// One piece of advice.
#[derive(Debug, Clone)]
pub struct Advice {
    /// The rule.
    pub lint: &'static Lint,
    /// Where.
    pub span: Span,
    /// What was found.
    pub message: String,
    /// A change that is certainly right, if there is one.
    pub fix: Option<Fix>,
    /// The moment of the run that proves it.
    pub at: Option<SimTime>,
}

/// Where a lint reports.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub lint: &'static Lint,
    pub all: &'a mut Vec<Advice>,
}

impl Found<'_> {
    /// Reports something at `span`.
    pub(super) fn say(&mut self, span: Span, message: impl Into<String>) {
        self.push(span, message.into(), None, None);
    }

    /// The same with a fix.
    pub(super) fn fix(&mut self, span: Span, message: impl Into<String>, fix: Option<Fix>) {
        self.push(span, message.into(), fix, None);
    }

    /// The same with the moment that proves it.
    pub(super) fn prove(&mut self, span: Span, message: impl Into<String>, at: SimTime) {
        self.push(span, message.into(), None, Some(at));
    }

    fn push(&mut self, span: Span, message: String, fix: Option<Fix>, at: Option<SimTime>) {
        self.all.push(Advice { lint: self.lint, span, message, fix, at });
    }
}

/// All lints.
pub fn lints() -> impl Iterator<Item = &'static Lint> {
    [probe::LINTS, container::LINTS, pod::LINTS, workload::LINTS, proved::LINTS].into_iter().flatten()
}
