//! What runs inside containers: a small POSIX shell, the usual commands, servers; over virtual time, files and network.
//!
//! A [`Container`] is the process table of one run of a container. [`Os`] is what containers share: files and network.
//! Left out: users and permissions, terminals, real concurrency (processes take turns; a command costs about 1 ms).

mod commands;
mod container;
mod fs;
mod images;
mod net;
mod process;
mod process_table;
mod shell;
mod table;
mod view;
mod world;

pub use commands::Commands;
pub use container::{Container, Effect, ExecId, Mount, Progress, Start, StartError};
pub use fs::{Files, TreeId};
pub use images::{Profile, normalize_image, profile};
pub(crate) use net::ServicePort;
pub use net::{Connect, Health, HttpReply, Net};

/// What all containers of the cluster share.
#[derive(Debug, Clone, PartialEq)]
pub struct Os {
    /// Volumes and writable layers.
    pub files: Files,
    /// Addresses, names, listeners.
    pub net: Net,
    /// What programs can run.
    pub commands: Commands,
}

impl Os {
    /// No files, nobody there.
    pub fn new(commands: Commands) -> Self {
        Self { files: Files::default(), net: Net::default(), commands }
    }
}
