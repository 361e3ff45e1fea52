//! Commands about text: most work on whole input, some pass lines on as they come.

use super::absolute;
use super::job::Filter;
use crate::sim::program::process::{Process, Source, State};
use crate::sim::program::shell::pattern;
use crate::sim::program::world::World;

type Said = (String, String, i32);

/// `echo`, with `-n` and `-e`.
pub(crate) fn echo(args: &[String]) -> String {
    let flags =
        args.iter().take_while(|a| a.len() > 1 && a.starts_with('-') && a.chars().skip(1).all(|c| matches!(c, 'n' | 'e' | 'E'))).count();
    let (flags, words) = args.split_at_checked(flags).unwrap_or((&[], args));
    let set = |c: char| flags.iter().any(|f| f.contains(c));
    let text = words.join(" ");
    let text = if set('e') { unescape(&text) } else { text };
    if set('n') { text } else { text + "\n" }
}

/// `printf FORMAT ARGS...`; the format is used again while arguments are left.
pub(crate) fn printf(args: &[String]) -> String {
    let Some((format, args)) = args.split_first() else { return String::new() };
    let format = unescape(format);
    let mut rest = args.iter();
    let mut out = String::new();
    loop {
        let before = rest.len();
        out.push_str(&format_once(&format, &mut rest));
        if rest.len() == 0 || rest.len() == before || out.len() > 64 * 1024 {
            return out;
        }
    }
}

fn format_once(format: &str, args: &mut std::slice::Iter<'_, String>) -> String {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut spec = String::new();
        while let Some(d) = chars.next_if(|d| d.is_ascii_digit() || matches!(d, '-' | '.' | '0' | '+')) {
            spec.push(d);
        }
        let width: usize = spec.trim_start_matches(['-', '0', '+']).split('.').next().and_then(|w| w.parse().ok()).unwrap_or(0).min(1000);
        let kind = chars.next();
        let text = match kind {
            Some('%') | None => "%".to_owned(),
            Some('b') => args.next().map(|a| unescape(a)).unwrap_or_default(),
            Some('d' | 'i' | 'u') => args.next().and_then(|a| a.trim().parse::<i64>().ok()).unwrap_or(0).to_string(),
            Some('x') => format!("{:x}", args.next().and_then(|a| a.trim().parse::<i64>().ok()).unwrap_or(0)),
            Some(_) => args.next().cloned().unwrap_or_default(),
        };
        let padding = width.saturating_sub(text.chars().count());
        let fill = if spec.starts_with('0') { "0" } else { " " }.repeat(padding);
        out.push_str(&if spec.starts_with('-') { text + &fill } else { fill + &text });
    }
    out
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('0') => out.push('\0'),
            Some('\\') | None => out.push('\\'),
            Some(other) => out.extend(['\\', other]),
        }
    }
    out
}

/// The words of a command that are no options and no first operand such as a pattern.
fn operands<'a>(name: &str, args: &'a [String]) -> Vec<&'a String> {
    let mut rest = args.iter();
    let mut words = Vec::new();
    let valued = ["-n", "-c", "-d", "-f", "-e", "-m", "-A", "-B", "-k", "-t", "-F", "-s"];
    let mut script_given = false;
    while let Some(arg) = rest.next() {
        let takes_none = name == "wc" || name == "cat" || (name == "sed" && arg == "-n");
        if valued.contains(&arg.as_str()) && !takes_none {
            script_given |= arg == "-e";
            rest.next();
        } else if !arg.starts_with('-') || arg == "-" {
            words.push(arg);
        }
    }
    let leading = match name {
        "grep" | "sed" | "awk" if !script_given => 1,
        "tr" => 2,
        _ => 0,
    };
    words.drain(..leading.min(words.len()));
    if name == "tr" || name == "tee" {
        words.clear();
    }
    words
}

/// Whether a command reads files, and not its standard input.
pub(super) fn names_files(name: &str, args: &[String]) -> bool {
    operands(name, args).iter().any(|w| *w != "-")
}

/// Runs a command that is over at once; nothing if it is none of these.
pub(super) fn run(name: &str, args: &[String], process: &Process, world: &mut World<'_>) -> Option<Said> {
    let ok = |text: String| Some((text, String::new(), 0));
    match name {
        "true" => ok(String::new()),
        "false" => Some((String::new(), String::new(), 1)),
        "echo" => ok(echo(args)),
        "printf" => ok(printf(args)),
        "pwd" => ok(format!("{}\n", process.cwd)),
        "hostname" => ok(format!("{}\n", world.table.hostname)),
        "whoami" => ok("root\n".into()),
        "id" => ok(if args.iter().any(|a| a == "-u") { "0\n".into() } else { "uid=0(root) gid=0(root)\n".into() }),
        "uname" => ok(if args.is_empty() { "Linux\n".into() } else { format!("Linux {} 6.1.0 x86_64 GNU/Linux\n", world.table.hostname) }),
        "nproc" => ok("2\n".into()),
        "env" | "printenv" => ok(environment(args, process)),
        "date" => ok(date(args, world)),
        "seq" => ok(sequence(args)),
        "basename" => ok(format!("{}\n", args.first().and_then(|p| p.trim_end_matches('/').rsplit('/').next()).unwrap_or_default())),
        "dirname" => {
            ok(format!("{}\n", args.first().and_then(|p| p.rsplit_once('/')).map_or(".", |(d, _)| if d.is_empty() { "/" } else { d })))
        }
        "which" => Some(which(args, world)),
        "expr" => Some(expr(args)),
        "ps" => ok(processes(process, world)),
        "kill" => Some(kill(args, world)),
        "getent" => Some((String::new(), String::new(), 2)),
        "cat" | "grep" | "sed" | "tr" | "cut" | "head" | "wc" | "sort" | "uniq" | "tee" | "tac" | "rev" | "base64" | "md5sum"
        | "sha256sum" => Some(on_input(name, args, process, world)),
        _ => None,
    }
}

fn environment(args: &[String], process: &Process) -> String {
    match args.iter().find(|a| !a.contains('=') && !a.starts_with('-')) {
        Some(name) => process.env.get(name).map(|v| format!("{v}\n")).unwrap_or_default(),
        None => process.env.iter().map(|(k, v)| format!("{k}={v}\n")).collect(),
    }
}

/// The virtual date.
fn date(args: &[String], world: &World<'_>) -> String {
    let stamp = crate::time::rfc3339(world.now);
    let (day, time) = stamp.trim_end_matches('Z').split_once('T').unwrap_or(("", ""));
    let Some(format) = args.iter().find_map(|a| a.strip_prefix('+')) else { return format!("{day} {time} UTC\n") };
    let mut text = format.to_owned();
    let parts: Vec<&str> = day.split('-').chain(time.split(':')).collect();
    for (code, index) in [("%Y", 0), ("%m", 1), ("%d", 2), ("%H", 3), ("%M", 4), ("%S", 5)] {
        text = text.replace(code, parts.get(index).copied().unwrap_or_default());
    }
    text = text.replace("%T", time).replace("%F", day).replace("%s", &world.now.unix_seconds().to_string());
    text.replace("%N", &format!("{:03}000000", world.now.ms() % 1000)) + "\n"
}

fn sequence(args: &[String]) -> String {
    let numbers: Vec<i64> = args.iter().filter_map(|a| a.parse().ok()).collect();
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] => (*first, *step, *last),
        _ => return String::new(),
    };
    let mut out = String::new();
    let mut n = first;
    for _ in 0..10_000 {
        if step == 0 || (step > 0 && n > last) || (step < 0 && n < last) {
            break;
        }
        out.push_str(&format!("{n}\n"));
        n = n.saturating_add(step);
    }
    out
}

fn which(args: &[String], world: &World<'_>) -> Said {
    let found: String = args.iter().filter(|a| world.has_command(a)).map(|a| format!("/usr/bin/{a}\n")).collect();
    let code = i32::from(found.is_empty());
    (found, String::new(), code)
}

fn expr(args: &[String]) -> Said {
    let text = args.join(" ").replace("\\*", "*");
    let value = crate::sim::program::shell::arithmetic::evaluate(&text, &mut Default::default());
    match value {
        Ok(n) => (format!("{n}\n"), String::new(), i32::from(n == 0)),
        Err(e) => (String::new(), format!("expr: {e}\n"), 2),
    }
}

fn processes(own: &Process, world: &World<'_>) -> String {
    let mut out = "PID   USER     TIME  COMMAND\n".to_owned();
    let mut rows: Vec<(u32, String)> = world.table.processes.values().map(|p| (p.pid, p.title.join(" "))).collect();
    rows.push((own.pid, own.title.join(" ")));
    crate::order::sort_by(&mut rows, Ord::cmp);
    for (pid, title) in rows {
        out.push_str(&format!("{pid:5} root      0:00 {title}\n"));
    }
    out
}

fn kill(args: &[String], world: &mut World<'_>) -> Said {
    let signal = args.iter().find_map(|a| a.strip_prefix('-')).map_or_else(|| "TERM".to_owned(), super::signal_name);
    for pid in args.iter().filter_map(|a| a.parse().ok()) {
        world.signals.push((pid, signal.clone()));
    }
    (String::new(), String::new(), 0)
}

pub(super) fn conditional(args: &[String], process: &Process, world: &World<'_>) -> i32 {
    let args = if args.last().is_some_and(|a| a == "]") { args.split_last().map_or(args, |(_, rest)| rest) } else { args };
    let exists = |path: &str| world.table.view.node_from(&world.os.files, &process.cwd, path);
    match super::test::evaluate(args, &exists) {
        Ok(value) => i32::from(!value),
        Err(_) => 2,
    }
}

/// Commands that read files or their whole standard input.
fn on_input(name: &str, args: &[String], process: &Process, world: &mut World<'_>) -> Said {
    let mut input = String::new();
    let mut errors = String::new();
    let paths = operands(name, args);
    if paths.is_empty() {
        match &process.io.stdin {
            Source::Empty => {}
            Source::Text(text) => input.push_str(text),
            Source::Pipe(pipe) => input = world.drain(*pipe),
        }
    }
    for path in paths {
        match world.table.view.read(&world.os.files, &absolute(&process.cwd, path)) {
            Ok(text) => input.push_str(text),
            Err(_) if matches!(path.as_str(), "/dev/null" | "-") => {}
            Err(e) if name == "cat" || name == "head" => errors.push_str(&format!("{name}: can't open '{path}': {e}\n")),
            Err(e) => errors.push_str(&format!("{name}: {path}: {e}\n")),
        }
    }
    let (out, code) = filter(name, args, &input);
    if name == "tee" {
        tee(args, &input, process, world);
    }
    let code = if errors.is_empty() { code } else { i32::from(name != "grep") + 2 * i32::from(name == "grep") };
    (out, errors, code)
}

fn tee(args: &[String], text: &str, process: &Process, world: &mut World<'_>) {
    let append = args.iter().any(|a| a == "-a");
    let now = world.now;
    for path in args.iter().filter(|a| !a.starts_with('-')) {
        let (view, files, path) = (&world.table.view, &mut world.os.files, absolute(&process.cwd, path));
        let written = if append { view.append(files, &path, text, now) } else { view.write(files, &path, text, now) };
        let _ = written.is_ok();
    }
}

/// The output of a command for an input, and its exit code.
fn filter(name: &str, args: &[String], input: &str) -> (String, i32) {
    let flags: String = args.iter().filter(|a| a.starts_with('-')).map(|a| a.trim_start_matches('-')).collect();
    let lines = input.split_inclusive('\n');
    match name {
        "grep" => grep(args, &flags, input),
        "sed" => (sed(args, input), 0),
        "tr" => (translate(args, input), 0),
        "cut" => (cut(args, input), 0),
        "head" => {
            let count = args.iter().filter_map(|a| a.trim_start_matches("-n").trim_start_matches('-').parse().ok()).next().unwrap_or(10);
            (lines.take(count).collect(), 0)
        }
        "tail" => {
            let count: usize = args.first().and_then(|a| a.parse().ok()).unwrap_or(10);
            let all: Vec<&str> = lines.collect();
            (all.iter().skip(all.len().saturating_sub(count)).copied().collect(), 0)
        }
        "wc" => {
            let (l, w, c) = (input.matches('\n').count(), input.split_whitespace().count(), input.len());
            let text = match flags.as_str() {
                "l" => l.to_string(),
                "w" => w.to_string(),
                "c" => c.to_string(),
                _ => format!("{l:7} {w:7} {c:7}"),
            };
            (text + "\n", 0)
        }
        "sort" => {
            let mut all: Vec<&str> = input.lines().collect();
            let leading = |l: &str| l.trim().split(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse::<i64>().ok()).unwrap_or(0);
            let is_numeric = flags.contains('n');
            crate::order::sort_by_key(&mut all, |l| (if is_numeric { leading(l) } else { 0 }, *l));
            if flags.contains('u') {
                all.dedup();
            }
            if flags.contains('r') {
                all.reverse();
            }
            (all.iter().map(|l| format!("{l}\n")).collect(), 0)
        }
        "uniq" => {
            let mut all: Vec<&str> = input.lines().collect();
            all.dedup();
            (all.iter().map(|l| format!("{l}\n")).collect(), 0)
        }
        "tac" => (input.lines().rev().map(|l| format!("{l}\n")).collect(), 0),
        "rev" => (input.lines().map(|l| l.chars().rev().collect::<String>() + "\n").collect(), 0),
        _ => (input.to_owned(), 0),
    }
}

/// A basic regular expression as a shell pattern, as far as that goes: `.`, `.*`, `^`, `$`, `a\|b`.
fn regex_fits(expression: &str, line: &str, ignore_case: bool) -> bool {
    let fold = |s: &str| if ignore_case { s.to_lowercase() } else { s.to_owned() };
    let line = fold(line);
    fold(expression).replace("\\|", "|").split('|').any(|alternative| {
        let (start, end) = (alternative.starts_with('^'), alternative.ends_with('$'));
        let core = alternative.trim_start_matches('^').trim_end_matches('$');
        let core = core.replace('*', "\u{1}").replace('?', "\\?").replace(".\u{1}", "*").replace('\u{1}', "\\*");
        let core: String = core.replace("\\.", "\u{2}").replace('.', "?").replace('\u{2}', ".");
        let pattern = format!("{}{core}{}", if start { "" } else { "*" }, if end { "" } else { "*" });
        pattern::matches(&pattern, &line)
    })
}

fn grep(args: &[String], flags: &str, input: &str) -> (String, i32) {
    let after_e = args.iter().position(|a| a == "-e").and_then(|i| args.get(i + 1));
    let expression = after_e.or_else(|| args.iter().find(|a| !a.starts_with('-'))).cloned().unwrap_or_default();
    let fits = |line: &&str| {
        let text = line.trim_end_matches('\n');
        let hit = if flags.contains('F') { text.contains(expression.as_str()) } else { regex_fits(&expression, text, flags.contains('i')) };
        hit != flags.contains('v')
    };
    let hits: Vec<&str> = input.split_inclusive('\n').filter(fits).collect();
    let code = i32::from(hits.is_empty());
    if flags.contains('q') {
        (String::new(), code)
    } else if flags.contains('c') {
        (format!("{}\n", hits.len()), code)
    } else {
        (hits.concat(), code)
    }
}

/// `s/a/b/` and `s/a/b/g` with plain text.
fn sed(args: &[String], input: &str) -> String {
    let after_e = args.iter().position(|a| a == "-e").and_then(|i| args.get(i + 1));
    let Some(script) = after_e.or_else(|| args.iter().find(|a| !a.starts_with('-'))) else { return input.to_owned() };
    let mut chars = script.chars();
    if chars.next() != Some('s') {
        return input.to_owned();
    }
    let Some(mark) = chars.next() else { return input.to_owned() };
    let parts: Vec<&str> = script.get(1 + mark.len_utf8()..).unwrap_or_default().split(mark).collect();
    let [from, to, flags @ ..] = parts.as_slice() else { return input.to_owned() };
    let global = flags.first().is_some_and(|f| f.contains('g'));
    let one = |line: &str| match *from {
        "" => line.to_owned(),
        "^" => format!("{to}{line}"),
        from if global => line.replace(from, to),
        from => line.replacen(from, to, 1),
    };
    input.split_inclusive('\n').map(one).collect()
}

fn translate(args: &[String], input: &str) -> String {
    let words: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
    let set = |text: &str| -> Vec<char> {
        let text = text.replace("[:upper:]", "A-Z").replace("[:lower:]", "a-z").replace("[:digit:]", "0-9").replace("\\n", "\n");
        let chars: Vec<char> = text.chars().collect();
        let mut out = Vec::new();
        let mut i = 0;
        while let Some(c) = chars.get(i) {
            match (chars.get(i + 1), chars.get(i + 2)) {
                (Some('-'), Some(end)) => {
                    out.extend(*c..=*end);
                    i += 3;
                }
                _ => {
                    out.push(*c);
                    i += 1;
                }
            }
        }
        out
    };
    let from = words.first().map(|w| set(w)).unwrap_or_default();
    if args.iter().any(|a| a == "-d") {
        return input.chars().filter(|c| !from.contains(c)).collect();
    }
    let to = words.get(1).map(|w| set(w)).unwrap_or_default();
    let change = |c: char| from.iter().position(|f| *f == c).map_or(c, |i| to.get(i).or(to.last()).copied().unwrap_or(c));
    input.chars().map(change).collect()
}

fn cut(args: &[String], input: &str) -> String {
    let value = |flag: &str| {
        let at = args.iter().position(|a| a.starts_with(flag))?;
        let joined = args.get(at)?.trim_start_matches(flag);
        if joined.is_empty() { args.get(at + 1).cloned() } else { Some(joined.to_owned()) }
    };
    let mark = value("-d").and_then(|d| d.chars().next()).unwrap_or('\t');
    let fields: Vec<usize> = value("-f").unwrap_or_default().split(',').filter_map(|f| f.parse().ok()).collect();
    let one = |line: &str| {
        let parts: Vec<&str> = line.split(mark).collect();
        let kept: Vec<&str> = fields.iter().filter_map(|f| parts.get(f.checked_sub(1)?).copied()).collect();
        kept.join(&mark.to_string()) + "\n"
    };
    input.lines().map(one).collect()
}

/// Passes on what has come so far: line by line where the command can, else all at the end.
pub(super) fn pass_on(what: &mut Filter, process: &Process, world: &mut World<'_>) -> State {
    let Filter { name, args, pipe, rest, passed } = what;
    let (name, pipe) = (name.as_str(), *pipe);
    let closed = world.is_closed(pipe);
    rest.push_str(&world.drain(pipe));
    let by_line = matches!(name, "cat" | "grep" | "sed" | "tr" | "cut" | "tee");
    if by_line {
        let ready = if closed { rest.len() } else { rest.rfind('\n').map_or(0, |i| i + 1) };
        let text: String = rest.drain(..ready).collect();
        let (out, _) = filter(name, args, &text);
        *passed +=
            usize::from(!out.is_empty() || (name == "grep" && args.iter().any(|a| a.contains('q')) && filter(name, args, &text).1 == 0));
        world.write(&process.io.stdout, &out);
        if name == "tee" {
            tee(args, &text, process, world);
        }
    }
    if !closed {
        return State::Pipe(pipe);
    }
    if by_line {
        return State::Ended(i32::from(name == "grep" && *passed == 0));
    }
    let (out, code) = filter(name, args, rest);
    world.write(&process.io.stdout, &out);
    State::Ended(code)
}
