//! Pieces of manifests that are put in as a whole; `${...}` marks what is to be changed, from one Tab to the next.

use super::{Completion, place::Place};

/// A piece, and where it fits.
struct Snippet {
    label: &'static str,
    info: &'static str,
    fits: fn(&str, &Place<'_>) -> bool,
    body: &'static str,
}

/// A new element of a list, and of which.
fn element_of(place: &Place<'_>, lists: &[&str]) -> bool {
    place.is_new_element && place.path.last().is_some_and(|last| lists.contains(&last.as_str()))
}

/// A further field of a mapping that does not have it.
fn field_of(of: &str, wanted: &str, place: &Place<'_>, field: &str) -> bool {
    of == wanted && !place.is_new_element && !place.siblings.contains(&field)
}

fn is_start(place: &Place<'_>) -> bool {
    place.path.is_empty() && place.siblings.is_empty()
}

static SNIPPETS: &[Snippet] = &[
    Snippet {
        label: "pod",
        info: "A pod with one container.",
        fits: |_, place| is_start(place),
        body: "apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${web}\nspec:\n  containers:\n  - name: ${app}\n    image: ${nginx:1.25}",
    },
    Snippet {
        label: "service",
        info: "A name for the pods that a selector finds.",
        fits: |_, place| is_start(place),
        body: "apiVersion: v1\nkind: Service\nmetadata:\n  name: ${web}\nspec:\n  selector: {app: ${web}}\n  ports:\n  - port: ${80}",
    },
    Snippet {
        label: "configmap",
        info: "Settings for containers, as files or variables.",
        fits: |_, place| is_start(place),
        body: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${settings}\ndata:\n  ${key}: ${value}",
    },
    Snippet {
        label: "scenario",
        info: "What happens around the pod: how long, and what is done when.",
        fits: |_, place| is_start(place),
        body: "apiVersion: podlab/v1\nkind: Scenario\nspec:\n  duration: ${60s}\n  actions:\n  - {at: ${30s}, delete: {name: ${web}}}",
    },
    Snippet {
        label: "container",
        info: "A container with requests and a memory limit.",
        fits: |of, place| of == "Container" && element_of(place, &["containers"]),
        body: "name: ${app}\nimage: ${nginx:1.25}\nresources:\n  requests: {cpu: ${100m}, memory: ${64Mi}}\n  limits: {memory: ${128Mi}}",
    },
    Snippet {
        label: "init",
        info: "An init container that runs to its end before the next one.",
        fits: |of, place| of == "Container" && element_of(place, &["initContainers"]),
        body: "name: ${init}\nimage: ${busybox:1.36}\ncommand: [sh, -c, '${echo ready}']",
    },
    Snippet {
        label: "sidecar",
        info: "A native sidecar: starts before the containers, goes on beside them, stops after them.",
        fits: |of, place| of == "Container" && element_of(place, &["initContainers"]),
        body: "name: ${sidecar}\nimage: ${busybox:1.36}\nrestartPolicy: Always\ncommand: [sh, -c, '${sleep infinity}']",
    },
    Snippet {
        label: "sidecar",
        info: "A native sidecar: starts before the containers, goes on beside them, stops after them.",
        fits: |of, place| field_of(of, "PodSpec", place, "initContainers"),
        body: "initContainers:\n- name: ${sidecar}\n  image: ${busybox:1.36}\n  restartPolicy: Always\n  command: [sh, -c, '${sleep infinity}']",
    },
    Snippet {
        label: "probe readiness",
        info: "No traffic while it fails.",
        fits: |of, place| field_of(of, "Container", place, "readinessProbe"),
        body: "readinessProbe:\n  httpGet: {path: ${/ready}, port: ${80}}\n  periodSeconds: ${5}",
    },
    Snippet {
        label: "probe startup",
        info: "The other probes wait until it has passed once.",
        fits: |of, place| field_of(of, "Container", place, "startupProbe"),
        body: "startupProbe:\n  httpGet: {path: ${/healthz}, port: ${80}}\n  periodSeconds: ${2}\n  failureThreshold: ${30}",
    },
    Snippet {
        label: "probe liveness",
        info: "A restart after some failures in a row.",
        fits: |of, place| field_of(of, "Container", place, "livenessProbe"),
        body: "livenessProbe:\n  httpGet: {path: ${/healthz}, port: ${80}}\n  periodSeconds: ${10}\n  failureThreshold: ${3}",
    },
    Snippet {
        label: "hook preStop",
        info: "Time for Services to forget the pod before it gets SIGTERM.",
        fits: |of, place| field_of(of, "Container", place, "lifecycle"),
        body: "lifecycle:\n  preStop:\n    sleep: {seconds: ${5}}",
    },
    Snippet {
        label: "volume shared",
        info: "A folder that containers of the pod share.",
        fits: |of, place| of == "Volume" && element_of(place, &["volumes"]),
        body: "name: ${shared}\nemptyDir: {}",
    },
    Snippet {
        label: "volume config",
        info: "The keys of a ConfigMap as files.",
        fits: |of, place| of == "Volume" && element_of(place, &["volumes"]),
        body: "name: ${config}\nconfigMap: {name: ${settings}}",
    },
    Snippet {
        label: "volume secret",
        info: "The keys of a Secret as files.",
        fits: |of, place| of == "Volume" && element_of(place, &["volumes"]),
        body: "name: ${secret}\nsecret: {secretName: ${credentials}}",
    },
    Snippet {
        label: "volume",
        info: "A folder that containers of the pod share.",
        fits: |of, place| field_of(of, "PodSpec", place, "volumes"),
        body: "volumes:\n- name: ${shared}\n  emptyDir: {}",
    },
    Snippet {
        label: "env from config",
        info: "A variable from a key of a ConfigMap, read when the container starts.",
        fits: |of, place| of == "EnvVar" && element_of(place, &["env"]),
        body: "name: ${NAME}\nvalueFrom:\n  configMapKeyRef: {name: ${settings}, key: ${key}}",
    },
    Snippet {
        label: "env from secret",
        info: "A variable from a key of a Secret, read when the container starts.",
        fits: |of, place| of == "EnvVar" && element_of(place, &["env"]),
        body: "name: ${NAME}\nvalueFrom:\n  secretKeyRef: {name: ${credentials}, key: ${key}}",
    },
];

/// The pieces that fit into a mapping of this type. The editor indents further lines as the line of the cursor is; what the
/// mapping lies deeper is added here.
pub(super) fn all(of: &str, place: &Place<'_>) -> Vec<Completion> {
    let deeper = " ".repeat(place.column.saturating_sub(place.indentation));
    let one = |s: &Snippet| Completion {
        label: s.label.to_owned(),
        detail: "snippet",
        info: s.info,
        insert: numbered(s.body).replace('\n', &format!("\n{deeper}")),
        is_snippet: true,
    };
    SNIPPETS.iter().filter(|s| (s.fits)(of, place)).map(one).collect()
}

/// `${name}` as `${1:name}`, in the order of the places; equal ones are one place.
fn numbered(body: &str) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let mut parts = body.split("${");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = part.split('}').next().unwrap_or_default();
        let known = seen.iter().position(|known| *known == name);
        let number = known.unwrap_or(seen.len()) + 1;
        if known.is_none() {
            seen.push(name);
        }
        out.push_str(&format!("${{{number}:{part}"));
    }
    out
}
