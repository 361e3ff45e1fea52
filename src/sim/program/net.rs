//! The network: addresses that answer on ports, and names that resolve to addresses. No latency, no loss.

use crate::order::SortedMap;
use std::sync::Arc;

use super::fs::{Files, Node};
use super::view::View;

/// Everything reachable.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Net {
    names: SortedMap<String, Vec<Arc<str>>>,
    hosts: SortedMap<Arc<str>, Vec<u16>>,
    /// By address and port.
    listeners: SortedMap<Arc<str>, SortedMap<u16, Listener>>,
    /// Addresses of Services: what a connection to a port is passed on to.
    services: SortedMap<Arc<str>, Vec<ServicePort>>,
}

/// A port of a Service and the addresses behind it. (pkg/proxy)
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServicePort {
    pub(crate) port: u16,
    pub(crate) backends: Vec<(Arc<str>, u16)>,
}

/// What answers on a port.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Listener {
    /// Accepts connections, and speaks no HTTP.
    Tcp,
    /// Answers every path with a status.
    Http(u16),
    /// Serves files below a folder of a container; the bool tells whether folders need an index.
    Files(Box<View>, String),
    /// Speaks gRPC only: the health of one service, and of the server as a whole.
    Grpc { service: Arc<str>, serving: bool },
}

/// What gRPC's health check answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// All is well.
    Serving,
    /// The service says that it is not.
    NotServing,
    /// No service of that name.
    Unknown,
    /// No gRPC here.
    NoAnswer,
}

/// What became of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connect {
    /// Somebody listens.
    Open,
    /// The address exists, nobody listens.
    Refused,
    /// The address does not answer at all.
    Unreachable,
}

/// What became of a GET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpReply {
    /// An answer.
    Status {
        /// The status code.
        code: u16,
        /// The body.
        body: String,
        /// Where a redirect leads.
        location: Option<String>,
    },
    /// Nobody listens.
    Refused,
    /// No answer in time.
    Timeout,
    /// Somebody listens who speaks no HTTP.
    NotHttp,
}

impl Net {
    /// Has a name resolve to addresses; none of them means that the name exists without an address.
    pub fn set_name(&mut self, name: &str, ips: Vec<Arc<str>>) {
        self.names.insert(name.to_owned(), ips);
    }

    /// The name no longer resolves.
    pub fn remove_name(&mut self, name: &str) {
        self.names.remove(name);
    }

    /// An outside host that answers on ports.
    pub fn add_host(&mut self, ip: Arc<str>, ports: &[u16]) {
        self.hosts.insert(ip, ports.to_vec());
    }

    /// The host is gone.
    pub fn remove_host(&mut self, ip: &str) {
        self.hosts.remove(ip);
    }

    /// The address of a Service passes connections on; a port without anybody behind it refuses them.
    pub(crate) fn set_service(&mut self, ip: Arc<str>, ports: Vec<ServicePort>) {
        self.services.insert(ip, ports);
    }

    /// The Service is gone.
    pub(crate) fn remove_service(&mut self, ip: &str) {
        self.services.remove(ip);
    }

    /// Where a connection ends up: the first address behind a Service, else the address itself.
    ///
    /// # Errors
    /// What becomes of it where nobody stands behind the Service.
    fn destination<'a>(&'a self, ip: &'a str, port: u16) -> Result<(&'a str, u16), Connect> {
        let Some(ports) = self.services.get(ip) else { return Ok((ip, port)) };
        let Some(found) = ports.iter().find(|p| p.port == port) else { return Err(Connect::Unreachable) };
        found.backends.first().map(|(ip, port)| (&**ip, *port)).ok_or(Connect::Refused)
    }

    /// Nothing listens at an address any more.
    pub fn drop_ip(&mut self, ip: &str) {
        self.listeners.remove(ip);
    }

    /// The first address of a name; an address is its own.
    pub(crate) fn resolve(&self, name: &str, own: &Arc<str>) -> Option<Arc<str>> {
        if name == "localhost" || name.starts_with("127.") {
            return Some(Arc::clone(own));
        }
        if !name.is_empty() && name.chars().all(|c| c.is_ascii_digit() || c == '.') {
            return Some(name.into());
        }
        self.names.get(name.trim_end_matches('.'))?.first().cloned()
    }

    fn listener(&self, ip: &str, port: u16) -> Option<&Listener> {
        self.listeners.get(ip)?.get(&port)
    }

    /// Connects to an address.
    pub fn connect(&self, ip: &str, port: u16) -> Connect {
        let (ip, port) = match self.destination(ip, port) {
            Ok(found) => found,
            Err(outcome) => return outcome,
        };
        if self.listener(ip, port).is_some() {
            return Connect::Open;
        }
        match self.hosts.get(ip) {
            Some(ports) if ports.contains(&port) => Connect::Open,
            Some(_) => Connect::Refused,
            None if ip.starts_with("10.244.") => Connect::Refused,
            None => Connect::Unreachable,
        }
    }

    /// gRPC's health check; servers of which nothing else is known answer it well.
    pub fn health(&self, ip: &str, port: u16, service: &str) -> Health {
        match self.listener(ip, port) {
            Some(Listener::Grpc { service: own, .. }) if !service.is_empty() && **own != *service => Health::Unknown,
            Some(Listener::Grpc { serving: false, .. }) => Health::NotServing,
            Some(Listener::Grpc { .. } | Listener::Tcp | Listener::Http(_)) => Health::Serving,
            Some(Listener::Files(..)) | None => Health::NoAnswer,
        }
    }

    /// GET of a path.
    pub fn http_get(&self, files: &Files, ip: &str, port: u16, path: &str) -> HttpReply {
        let (ip, port) = self.destination(ip, port).unwrap_or((ip, port));
        let answer = |code: u16, body: &str| HttpReply::Status { code, body: body.to_owned(), location: None };
        match self.listener(ip, port) {
            Some(Listener::Tcp | Listener::Grpc { .. }) => HttpReply::NotHttp,
            Some(Listener::Http(code)) => answer(*code, ""),
            Some(Listener::Files(view, root)) => {
                let path = path.split('?').next().unwrap_or_default();
                // A folder's name without a slash at its end leads to the one with it.
                if !path.ends_with('/') && view.node(files, &format!("{root}/{path}")) == Some(&Node::Folder) {
                    return HttpReply::Status { code: 302, body: String::new(), location: Some(format!("{path}/")) };
                }
                let path = path.strip_prefix('/').unwrap_or(path);
                let file = format!("{root}/{path}{}", if path.is_empty() || path.ends_with('/') { "index.html" } else { "" });
                match view.read(files, &file) {
                    Ok(text) => answer(200, text),
                    Err(_) => answer(404, "404 Not Found\n"),
                }
            }
            None => match self.connect(ip, port) {
                Connect::Open => answer(200, ""),
                Connect::Refused => HttpReply::Refused,
                Connect::Unreachable => HttpReply::Timeout,
            },
        }
    }

    /// Takes a port.
    ///
    /// # Errors
    /// It is taken already.
    pub(crate) fn listen(&mut self, ip: &Arc<str>, port: u16, listener: Listener) -> Result<(), ()> {
        if self.listener(ip, port).is_some() {
            return Err(());
        }
        let mut ports = self.listeners.remove(&**ip).unwrap_or_default();
        ports.insert(port, listener);
        self.listeners.insert(Arc::clone(ip), ports);
        Ok(())
    }

    /// Gives a port back.
    pub(crate) fn close(&mut self, ip: &Arc<str>, port: u16) {
        if let Some(ports) = self.listeners.get_mut(&**ip) {
            ports.remove(&port);
        }
    }
}
