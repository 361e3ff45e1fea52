//! What the cluster stores of a manifest, with what was filled in marked as such.

use crate::manifest::Manifest;
use crate::printers::{Beside, marked_yaml_text};
use crate::yaml::Node;

/// A part of the text; nothing where the text has none.
#[derive(Clone, Copy)]
struct Written<'a>(Option<&'a Node>);

impl Beside for Written<'_> {
    fn field(self, name: &str) -> Self {
        Self(self.0.and_then(|node| node.get(name)))
    }

    fn item(self, index: usize) -> Self {
        Self(self.0.and_then(|node| node.items().get(index)))
    }

    fn is_over(self) -> bool {
        self.0.is_none()
    }
}

/// For every object that is taken: its name as kubectl says it, and its YAML; for one that is refused why.
pub fn effective(manifest: &Manifest) -> Vec<(String, String)> {
    let one = |source: &crate::manifest::Source| match &source.outcome {
        Ok(admitted) => {
            let name = format!("{}/{}", admitted.object.kind().as_str().to_ascii_lowercase(), admitted.object.metadata().name);
            (name, marked_yaml_text(&admitted.stored, Written(Some(source.source.root()))))
        }
        Err(error) => (source.kind.map_or("object", |kind| kind.as_str()).to_ascii_lowercase(), format!("{}\n", error.message)),
    };
    manifest.objects.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::effective;

    #[test]
    fn what_was_filled_in_says_so() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: nginx:1.25\n    livenessProbe: {httpGet: {port: 80}}\n";
        let all = effective(&crate::manifest::read(text));
        let [(name, yaml)] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!(name, "pod/web");
        let lines: Vec<&str> = yaml.lines().collect();
        for line in [
            "  - image: nginx:1.25",
            "    imagePullPolicy: IfNotPresent  # default",
            "      failureThreshold: 3  # default",
            "        path: /  # default",
            "        port: 80",
            "    resources: {}  # default",
            "  restartPolicy: Always  # default",
            "  tolerations:  # default",
            "  - effect: NoExecute",
        ] {
            assert!(lines.contains(&line), "{line}\n{yaml}");
        }
    }
}
