//! Views of a trace in the viewer's words: the timeline, the reasons, the table. They read the trace and compute no status.

pub mod effective;
pub mod field;
pub mod place;
pub mod table;
pub mod timeline;
pub mod why;
