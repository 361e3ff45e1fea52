//! The row of an EndpointSlice. (printers.go: printEndpointSlice)

use crate::api::EndpointSlice;

/// What the table shows of a slice besides name and age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointSliceRow {
    /// ADDRESSTYPE.
    pub address_type: &'static str,
    /// PORTS.
    pub ports: String,
    /// ENDPOINTS, those that are not ready too.
    pub endpoints: String,
}

/// The columns of a slice whose ports resolve to `ports`.
pub fn endpoint_slice_columns(slice: &EndpointSlice, ports: &[u16]) -> EndpointSliceRow {
    let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
    let addresses: Vec<String> = slice.endpoints.iter().map(|e| e.ip.clone()).collect();
    EndpointSliceRow { address_type: "IPv4", ports: first_three(&ports), endpoints: first_three(&addresses) }
}

/// At most three, and how many more.
fn first_three(list: &[String]) -> String {
    match list {
        [] => "<unset>".into(),
        [a, b, c, rest @ ..] if !rest.is_empty() => format!("{a},{b},{c} + {} more...", rest.len()),
        some => some.join(","),
    }
}
