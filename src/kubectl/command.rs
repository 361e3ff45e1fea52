//! A command line of kubectl: words, flags and what they ask for. Knows nothing of a cluster.
//! (kubectl/pkg/cmd; cli-runtime/pkg/resource/builder.go; spf13/pflag for the flags)

use crate::order::SortedMap;

use super::resource::{ALL, Resource};
use super::selector::Selector;
use crate::decode::similar;

/// What a line asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// The verb with its own arguments.
    pub verb: Verb,
    /// `-n`.
    pub namespace: Option<String>,
    /// Whether `-A` was given.
    pub all_namespaces: bool,
    /// `-l`.
    pub selector: Option<Selector>,
    flags: SortedMap<&'static str, String>,
}

/// The commands that are simulated.
#[derive(Debug, Clone, PartialEq)]
pub enum Verb {
    /// `get`.
    Get(Vec<Target>),
    /// `describe`.
    Describe(Vec<Target>),
    /// `logs`; without a name a selector says whose.
    Logs {
        /// The pod.
        pod: Option<String>,
        /// The container as second argument or `-c`.
        container: Option<String>,
    },
    /// `events`.
    Events,
}

/// A type and the names that were asked for, none for all.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The type.
    pub resource: &'static Resource,
    /// The names.
    pub names: Vec<String>,
}

impl Command {
    /// The value of a flag by its long name; `true` for a flag without value.
    pub fn flag(&self, long: &str) -> Option<&str> {
        self.flags.get(long).map(String::as_str)
    }

    /// Whether a flag without value is set.
    pub fn is_set(&self, long: &str) -> bool {
        self.flag(long).is_some_and(|v| v != "false")
    }
}

/// A flag: long name, letter, whether it takes a value, and the commands that know it (all if empty).
struct Flag(&'static str, Option<char>, bool, &'static [&'static str]);

const FLAGS: [Flag; 20] = [
    Flag("namespace", Some('n'), true, &[]),
    Flag("all-namespaces", Some('A'), false, &["get", "describe", "events"]),
    Flag("selector", Some('l'), true, &["get", "describe", "logs"]),
    Flag("output", Some('o'), true, &["get", "events"]),
    Flag("watch", Some('w'), false, &["get", "events"]),
    Flag("no-headers", None, false, &["get", "events"]),
    Flag("show-labels", None, false, &["get"]),
    Flag("ignore-not-found", None, false, &["get"]),
    Flag("sort-by", None, true, &["get"]),
    Flag("field-selector", None, true, &["get"]),
    Flag("show-events", None, false, &["describe"]),
    Flag("for", None, true, &["events"]),
    Flag("types", None, true, &["events"]),
    Flag("container", Some('c'), true, &["logs"]),
    Flag("previous", Some('p'), false, &["logs"]),
    Flag("follow", Some('f'), false, &["logs"]),
    Flag("tail", None, true, &["logs"]),
    Flag("all-containers", None, false, &["logs"]),
    Flag("prefix", None, false, &["logs"]),
    Flag("timestamps", None, false, &["logs"]),
];

const VERBS: [&str; 4] = ["get", "describe", "logs", "events"];

/// What kubectl can do and the simulation cannot.
const NOT_SIMULATED: [&str; 34] = [
    "create",
    "expose",
    "run",
    "set",
    "explain",
    "edit",
    "delete",
    "rollout",
    "scale",
    "autoscale",
    "certificate",
    "cluster-info",
    "top",
    "cordon",
    "uncordon",
    "drain",
    "taint",
    "attach",
    "exec",
    "port-forward",
    "proxy",
    "cp",
    "auth",
    "debug",
    "diff",
    "apply",
    "patch",
    "replace",
    "wait",
    "kustomize",
    "label",
    "annotate",
    "version",
    "config",
];

/// The words of a line, quotes resolved as a shell does; nothing if a quote is open.
pub fn split(line: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let (mut word, mut quote, mut in_word) = (String::new(), None, false);
    let mut letters = line.chars();
    while let Some(c) = letters.next() {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (None, '\'' | '"') => (quote, in_word) = (Some(c), true),
            (None | Some('"'), '\\') => {
                word.extend(letters.next());
                in_word = true;
            }
            (None, c) if c.is_whitespace() => {
                if std::mem::take(&mut in_word) {
                    words.push(std::mem::take(&mut word));
                }
            }
            (_, c) => {
                word.push(c);
                in_word = true;
            }
        }
    }
    if in_word {
        words.push(word);
    }
    quote.is_none().then_some(words)
}

/// Reads the words after `kubectl`; a leading `kubectl` is passed over.
///
/// # Errors
/// What kubectl prints on standard error; its exit code is 1.
pub fn parse(words: &[String]) -> Result<Command, String> {
    let words = match words.split_first() {
        Some((first, rest)) if first == "kubectl" => rest,
        _ => words,
    };
    let verb = verb_of(words)?;
    let (flags, args) = read_flags(words, verb)?;
    let args = args.get(1..).unwrap_or_default();
    let verb = match verb {
        "get" => Verb::Get(targets(args, verb)?),
        "describe" => Verb::Describe(targets(args, verb)?),
        "events" => Verb::Events,
        _ => logs(args, &flags)?,
    };
    let selector = match flags.get("selector") {
        Some(text) => Some(
            Selector::parse(text)
                .map_err(|part| format!("error: unable to parse requirement: found '{part}', expected: ',' or 'end of string'\n"))?,
        ),
        None => None,
    };
    let command = Command {
        verb,
        namespace: flags.get("namespace").cloned(),
        all_namespaces: flags.get("all-namespaces").is_some_and(|v| v != "false"),
        selector,
        flags,
    };
    check_names(&command)?;
    Ok(command)
}

/// The first word that is no flag and no flag's value.
fn verb_of(words: &[String]) -> Result<&'static str, String> {
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if word == "-n" || word == "--namespace" {
            rest.next();
        } else if !word.starts_with('-') {
            return known_verb(word);
        }
    }
    Err("kubectl controls the Kubernetes cluster manager.\n\nHere: kubectl get, describe, logs, events\n".into())
}

fn known_verb(word: &str) -> Result<&'static str, String> {
    let word = if word == "log" { "logs" } else { word };
    if let Some(verb) = VERBS.into_iter().find(|v| *v == word) {
        return Ok(verb);
    }
    if NOT_SIMULATED.contains(&word) {
        return Err(format!("not simulated: kubectl {word}; there are get, describe, logs and events\n"));
    }
    let near =
        similar(word, VERBS.into_iter().chain(NOT_SIMULATED)).map(|v| format!("\n\nDid you mean this?\n\t{v}\n")).unwrap_or_default();
    Err(format!("error: unknown command \"{word}\" for \"kubectl\"{near}\n"))
}

type Flags = SortedMap<&'static str, String>;

/// Flags may stand anywhere: `-o wide`, `-owide`, `-o=wide`, `--output=wide`, `-Aw`.
fn read_flags(words: &[String], verb: &str) -> Result<(Flags, Vec<String>), String> {
    let mut flags = SortedMap::new();
    let mut args = Vec::new();
    let usage = |what: String| format!("error: {what}\nSee 'kubectl {verb} --help' for usage.\n");
    let known: Vec<&Flag> = FLAGS.iter().filter(|f| f.3.is_empty() || f.3.contains(&verb)).collect();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if word == "--" {
            args.extend(rest.by_ref().cloned());
        } else if let Some(long) = word.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_owned())));
            let flag = known.iter().find(|f| f.0 == name).ok_or_else(|| usage(format!("unknown flag: --{name}")))?;
            let value = match value {
                None if flag.2 => rest.next().cloned().ok_or_else(|| usage(format!("flag needs an argument: --{name}")))?,
                None => "true".into(),
                Some(value) => value,
            };
            flags.insert(flag.0, value);
        } else if word.len() > 1 && word.starts_with('-') {
            short_flags(word, &known, (&mut flags, &mut rest)).map_err(usage)?;
        } else {
            args.push(word.clone());
        }
    }
    Ok((flags, args))
}

/// One word of letters; the first that takes a value takes the rest of the word.
fn short_flags(word: &str, known: &[&Flag], (flags, rest): (&mut Flags, &mut std::slice::Iter<'_, String>)) -> Result<(), String> {
    let mut letters = word.chars();
    letters.next();
    while let Some(letter) = letters.next() {
        let flag = known
            .iter()
            .find(|f| f.1 == Some(letter))
            .ok_or_else(|| format!("unknown shorthand flag: '{letter}' in -{letter}{}", letters.as_str()))?;
        if !flag.2 {
            flags.insert(flag.0, "true".into());
            continue;
        }
        let own = letters.as_str();
        let value = match own.strip_prefix('=').unwrap_or(own) {
            "" => rest.next().cloned().ok_or_else(|| format!("flag needs an argument: '{letter}' in -{letter}"))?,
            value => value.to_owned(),
        };
        flags.insert(flag.0, value);
        return Ok(());
    }
    Ok(())
}

const NO_TYPE: &str = "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n\n\
    error: Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl \
    explain pods).\nSee 'kubectl get -h' for help and examples\n";

/// `pods`, `pods,services`, `pod web other`, `pod/web service/web`, `all`.
fn targets(args: &[String], verb: &str) -> Result<Vec<Target>, String> {
    let Some((types, names)) = args.split_first() else {
        let what = "error: You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete list of supported resources.\n";
        return Err(if verb == "get" { NO_TYPE.into() } else { what.into() });
    };
    if args.iter().any(|a| a.contains('/')) {
        return slash_targets(args);
    }
    let mut targets = Vec::new();
    for name in types.split(',') {
        let wanted: Vec<&str> = if name == "all" { ALL.to_vec() } else { vec![name] };
        for name in wanted {
            targets.push(Target { resource: resource(name)?, names: names.to_vec() });
        }
    }
    Ok(targets)
}

fn slash_targets(args: &[String]) -> Result<Vec<Target>, String> {
    let mut targets: Vec<Target> = Vec::new();
    for arg in args {
        let Some((kind, name)) = arg.split_once('/') else {
            return Err(
                "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name \
                form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'\n"
                    .into(),
            );
        };
        let resource = resource(kind)?;
        match targets.last_mut().filter(|t| t.resource == resource) {
            Some(target) => target.names.push(name.to_owned()),
            None => targets.push(Target { resource, names: vec![name.to_owned()] }),
        }
    }
    Ok(targets)
}

fn resource(name: &str) -> Result<&'static Resource, String> {
    Resource::named(name).ok_or_else(|| format!("error: the server doesn't have a resource type \"{name}\"\n"))
}

const LOGS_USAGE: &str = "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs \
    command\nSee 'kubectl logs -h' for help and examples\n";

fn logs(args: &[String], flags: &Flags) -> Result<Verb, String> {
    let (pod, inline) = match args {
        [] if flags.contains_key("selector") => (None, None),
        [pod] => (Some(pod), None),
        [pod, container] => (Some(pod), Some(container)),
        _ => return Err(LOGS_USAGE.into()),
    };
    let container = match (inline, flags.get("container")) {
        (Some(_), Some(_)) => return Err("error: only one of -c or an inline [CONTAINER] arg is allowed\n".into()),
        (a, b) => a.or(b).cloned(),
    };
    let pod = match pod.map(|p| p.split_once('/').unwrap_or(("pod", p))) {
        None => None,
        Some((kind, name)) if resource(kind)?.singular == "pod" => Some(name.to_owned()),
        Some((kind, _)) => return Err(format!("not simulated: logs of a {}\n", resource(kind)?.singular)),
    };
    Ok(Verb::Logs { pod, container })
}

fn check_names(command: &Command) -> Result<(), String> {
    let (Verb::Get(targets) | Verb::Describe(targets)) = &command.verb else { return Ok(()) };
    let named = targets.iter().any(|t| !t.names.is_empty());
    if named && command.all_namespaces {
        return Err("error: a resource cannot be retrieved by name across all namespaces\n".into());
    }
    if named && command.selector.is_some() {
        return Err("error: name cannot be provided when a selector is specified\n".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        parse(&split(line).unwrap())
    }

    #[test]
    fn flags_may_stand_anywhere_and_together() {
        for line in [
            "kubectl get pods -n demo -o wide",
            "-n demo get pods -owide",
            "get --namespace=demo -o=wide po",
            "get pod --output wide -ndemo",
        ] {
            let command = read(line).unwrap();
            assert_eq!((command.namespace.as_deref(), command.flag("output")), (Some("demo"), Some("wide")), "{line}");
            assert_eq!(command.verb, Verb::Get(vec![Target { resource: Resource::named("pods").unwrap(), names: vec![] }]), "{line}");
        }
        assert!(read("get po -Aw").is_ok_and(|c| c.all_namespaces && c.is_set("watch")));
    }

    #[test]
    fn quotes_are_resolved() {
        assert_eq!(
            split("get pods -l 'a in (b, c)' \"x y\"\\ z"),
            Some(["get", "pods", "-l", "a in (b, c)", "x y z"].map(str::to_owned).into())
        );
        assert_eq!(split("get 'pods"), None);
    }

    #[test]
    fn what_is_wrong_is_said_in_kubectls_words() {
        let cases = [
            ("get pode", "error: the server doesn't have a resource type \"pode\"\n"),
            ("get pods --foo", "error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n"),
            ("get pods -x", "error: unknown shorthand flag: 'x' in -x\nSee 'kubectl get --help' for usage.\n"),
            ("logs web --tail", "error: flag needs an argument: --tail\nSee 'kubectl logs --help' for usage.\n"),
            ("gett pods", "error: unknown command \"gett\" for \"kubectl\"\n\nDid you mean this?\n\tget\n\n"),
            ("get pod web -A", "error: a resource cannot be retrieved by name across all namespaces\n"),
            ("get pod web -l a=b", "error: name cannot be provided when a selector is specified\n"),
            ("delete pod web", "not simulated: kubectl delete; there are get, describe, logs and events\n"),
            ("logs", LOGS_USAGE),
            ("get", NO_TYPE),
        ];
        for (line, want) in cases {
            assert_eq!(read(line).err().as_deref(), Some(want), "{line}");
        }
    }
}
