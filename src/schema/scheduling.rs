//! Tolerations, affinity, spread.

use super::Type::{Int32, Int64, List, Named, Object, Str};
use super::meta::SELECTOR;
use super::{Field, STRINGS, Struct, Type, f};

/// A toleration.
pub(super) static TOLERATION: Struct = Struct {
    go: "Toleration",
    fields: &[
        f("key", Str),
        f("operator", Named("v1.TolerationOperator")),
        f("value", Str),
        f("effect", Named("v1.TaintEffect")),
        f("tolerationSeconds", Int64),
    ],
};

/// `affinity`.
pub(super) static AFFINITY: Struct = Struct {
    go: "Affinity",
    fields: &[
        f("nodeAffinity", Object(&NODE_AFFINITY)),
        f("podAffinity", Object(&POD_AFFINITY)),
        f("podAntiAffinity", Object(&POD_ANTI_AFFINITY)),
    ],
};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

static NODE_AFFINITY: Struct =
    Struct { go: "NodeAffinity", fields: &[f(REQUIRED, Object(&NODE_SELECTOR)), f(PREFERRED, List(&Object(&PREFERRED_NODE)))] };

/// A selector of nodes.
pub(super) static NODE_SELECTOR: Struct = Struct { go: "NodeSelector", fields: &[f("nodeSelectorTerms", List(&Object(&NODE_TERM)))] };

static PREFERRED_NODE: Struct =
    Struct { go: "PreferredSchedulingTerm", fields: &[f("weight", Int32), f("preference", Object(&NODE_TERM))] };

static NODE_TERM: Struct =
    Struct { go: "NodeSelectorTerm", fields: &[f("matchExpressions", NODE_REQUIREMENTS), f("matchFields", NODE_REQUIREMENTS)] };

const NODE_REQUIREMENTS: Type = List(&Object(&NODE_REQUIREMENT));

static NODE_REQUIREMENT: Struct = Struct {
    go: "NodeSelectorRequirement",
    fields: &[f("key", Str), f("operator", Named("v1.NodeSelectorOperator")), f("values", STRINGS)],
};

const POD_TERMS: Type = List(&Object(&POD_TERM));
const WEIGHTED_TERMS: Type = List(&Object(&WEIGHTED_TERM));
const POD_AFFINITY_FIELDS: [Field; 2] = [f(REQUIRED, POD_TERMS), f(PREFERRED, WEIGHTED_TERMS)];

static POD_AFFINITY: Struct = Struct { go: "PodAffinity", fields: &POD_AFFINITY_FIELDS };
static POD_ANTI_AFFINITY: Struct = Struct { go: "PodAntiAffinity", fields: &POD_AFFINITY_FIELDS };

static POD_TERM: Struct = Struct {
    go: "PodAffinityTerm",
    fields: &[
        f("labelSelector", SELECTOR),
        f("namespaces", STRINGS),
        f("topologyKey", Str),
        f("namespaceSelector", SELECTOR),
        f("matchLabelKeys", STRINGS),
        f("mismatchLabelKeys", STRINGS),
    ],
};

static WEIGHTED_TERM: Struct =
    Struct { go: "WeightedPodAffinityTerm", fields: &[f("weight", Int32), f("podAffinityTerm", Object(&POD_TERM))] };

/// `topologySpreadConstraints`.
pub(super) static SPREAD: Struct = Struct {
    go: "TopologySpreadConstraint",
    fields: &[
        f("maxSkew", Int32),
        f("topologyKey", Str),
        f("whenUnsatisfiable", Named("v1.UnsatisfiableConstraintAction")),
        f("labelSelector", SELECTOR),
        f("minDomains", Int32),
        f("nodeAffinityPolicy", Named("v1.NodeInclusionPolicy")),
        f("nodeTaintsPolicy", Named("v1.NodeInclusionPolicy")),
        f("matchLabelKeys", STRINGS),
    ],
};
