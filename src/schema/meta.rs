//! `metadata`, selectors and references.

use super::Type::{Any, Bool, Int64, List, Named, Object, Str, Time};
use super::{STRING_MAP, STRINGS, Struct, Type, f};

/// `metadata`.
pub(super) static OBJECT_META: Struct = Struct {
    go: "ObjectMeta",
    fields: &[
        f("name", Str),
        f("generateName", Str),
        f("namespace", Str),
        f("selfLink", Str),
        f("uid", Named("types.UID")),
        f("resourceVersion", Str),
        f("generation", Int64),
        f("creationTimestamp", Time),
        f("deletionTimestamp", Time),
        f("deletionGracePeriodSeconds", Int64),
        f("labels", STRING_MAP),
        f("annotations", STRING_MAP),
        f("ownerReferences", List(&Object(&OWNER_REFERENCE))),
        f("finalizers", STRINGS),
        f("managedFields", List(&Any)),
    ],
};

static OWNER_REFERENCE: Struct = Struct {
    go: "OwnerReference",
    fields: &[
        f("apiVersion", Str),
        f("kind", Str),
        f("name", Str),
        f("uid", Named("types.UID")),
        f("controller", Bool),
        f("blockOwnerDeletion", Bool),
    ],
};

/// A label selector.
pub(super) const SELECTOR: Type = Object(&LABEL_SELECTOR);

static LABEL_SELECTOR: Struct =
    Struct { go: "LabelSelector", fields: &[f("matchLabels", STRING_MAP), f("matchExpressions", List(&Object(&REQUIREMENT)))] };

static REQUIREMENT: Struct = Struct {
    go: "LabelSelectorRequirement",
    fields: &[f("key", Str), f("operator", Named("v1.LabelSelectorOperator")), f("values", STRINGS)],
};

/// The name of an object in the same namespace.
pub(super) static LOCAL_REFERENCE: Struct = Struct { go: "LocalObjectReference", fields: &[f("name", Str)] };

/// Any object.
pub(super) static OBJECT_REFERENCE: Struct = Struct {
    go: "ObjectReference",
    fields: &[
        f("kind", Str),
        f("namespace", Str),
        f("name", Str),
        f("uid", Named("types.UID")),
        f("apiVersion", Str),
        f("resourceVersion", Str),
        f("fieldPath", Str),
    ],
};
