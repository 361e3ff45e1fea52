//! The tool `podlab`: simulate, record, validate, defaults, grade and check from the shell.

fn main() {}
