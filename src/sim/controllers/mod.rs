//! Controllers of the control plane.

pub(crate) mod endpointslice;
