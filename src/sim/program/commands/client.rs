//! Clients of databases, and the tools that images bring beside their server. A query does nothing: it succeeds where
//! somebody listens.

use super::job::{Job, done};
use super::network::resolve;
use crate::sim::program::net::Connect;
use crate::sim::program::process::Process;
use crate::sim::program::world::World;

/// The tools of a well-known image.
pub(crate) fn tools(image: &str) -> &'static [&'static str] {
    match image {
        "python" => &["python", "python3", "pip"],
        "openjdk" => &["java"],
        "node" => &["node", "npm", "npx", "yarn"],
        "bitnami/kubectl" => &["kubectl"],
        "alpine" => &["apk"],
        "redis" => &["redis-cli"],
        "postgres" => &["psql", "pg_isready"],
        "mysql" => &["mysql", "mysqladmin"],
        "mariadb" => &["mariadb", "mariadb-admin", "mysql", "mysqladmin"],
        "mongo" => &["mongosh"],
        "rabbitmq" => &["rabbitmqctl", "rabbitmq-diagnostics"],
        _ => &[],
    }
}

/// Whether a tool runs somebody's own program, of which nothing is known.
pub(super) fn is_runtime(name: &str) -> bool {
    matches!(name, "python" | "python3" | "java" | "node" | "npm" | "npx" | "yarn")
}

/// A client of a database: its port and the exit code of a failure.
fn database(name: &str) -> Option<(u16, i32)> {
    Some(match name {
        "redis-cli" => (6379, 1),
        "psql" | "pg_isready" => (5432, 2),
        "mysql" | "mysqladmin" | "mariadb" | "mariadb-admin" => (3306, 1),
        "mongosh" => (27017, 1),
        _ => return None,
    })
}

/// The value of a flag: `-h db`, `-hdb`, `--host=db`, `--host db`.
fn value<'a>(args: &'a [String], short: &str, long: &str) -> Option<&'a str> {
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg == short || arg == long {
            return rest.next().map(String::as_str);
        }
        let joined = arg.strip_prefix(long).and_then(|a| a.strip_prefix('='));
        if let Some(found) = joined.or_else(|| arg.strip_prefix(short).filter(|_| !arg.starts_with("--"))) {
            return Some(found);
        }
    }
    None
}

/// Begins a client; nothing if it is none.
pub(super) fn begin(name: &str, args: &[String], process: &Process, world: &mut World<'_>) -> Option<Job> {
    let (usual, code) = database(name)?;
    let host = value(args, "-h", "--host").unwrap_or("localhost");
    let port_flag = if name.starts_with("my") || name.starts_with("maria") { "-P" } else { "-p" };
    let port = value(args, port_flag, "--port").and_then(|p| p.parse().ok()).unwrap_or(usual);
    let outcome = resolve(host, world).map(|ip| world.os.net.connect(&ip, port));
    let said = match outcome {
        Some(Connect::Open) => (answer(name, args, host, port), String::new(), 0),
        Some(Connect::Refused | Connect::Unreachable) | None => failure(name, host, port, code),
    };
    Some(done(world, process, said))
}

fn answer(name: &str, args: &[String], host: &str, port: u16) -> String {
    match name {
        "redis-cli" if args.iter().any(|a| a.eq_ignore_ascii_case("ping")) => "PONG\n".into(),
        "pg_isready" => format!("{host}:{port} - accepting connections\n"),
        "mysqladmin" | "mariadb-admin" if args.iter().any(|a| a == "ping") => "mysqld is alive\n".into(),
        _ => String::new(),
    }
}

fn failure(name: &str, host: &str, port: u16, code: i32) -> (String, String, i32) {
    let text = match name {
        "pg_isready" => return (format!("{host}:{port} - no response\n"), String::new(), code),
        "redis-cli" => format!("Could not connect to Redis at {host}:{port}: Connection refused\n"),
        "psql" => format!("psql: error: connection to server at \"{host}\", port {port} failed: Connection refused\n"),
        "mongosh" => format!("MongoNetworkError: connect ECONNREFUSED {host}:{port}\n"),
        _ => format!("ERROR 2003 (HY000): Can't connect to MySQL server on '{host}:{port}' (111)\n"),
    };
    (String::new(), text, code)
}
