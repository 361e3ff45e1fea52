//! Services, budgets, autoscalers, quotas.

use super::Type::{Any, Bool, Int32, IntOrString, List, Named, Object, Quantity, Resources, Str};
use super::meta::SELECTOR;
use super::{STRING_MAP, STRINGS, Struct, f};

/// A Service's spec.
pub(super) static SERVICE: Struct = Struct {
    go: "ServiceSpec",
    fields: &[
        f("ports", List(&Object(&SERVICE_PORT))),
        f("selector", STRING_MAP),
        f("clusterIP", Str),
        f("clusterIPs", STRINGS),
        f("type", Named("v1.ServiceType")),
        f("externalIPs", STRINGS),
        f("sessionAffinity", Named("v1.ServiceAffinity")),
        f("loadBalancerIP", Str),
        f("loadBalancerSourceRanges", STRINGS),
        f("externalName", Str),
        f("externalTrafficPolicy", Named("v1.ServiceExternalTrafficPolicy")),
        f("healthCheckNodePort", Int32),
        f("publishNotReadyAddresses", Bool),
        f("sessionAffinityConfig", Object(&SESSION)),
        f("ipFamilies", List(&Named("v1.IPFamily"))),
        f("ipFamilyPolicy", Named("v1.IPFamilyPolicy")),
        f("allocateLoadBalancerNodePorts", Bool),
        f("loadBalancerClass", Str),
        f("internalTrafficPolicy", Named("v1.ServiceInternalTrafficPolicy")),
        f("trafficDistribution", Str),
    ],
};

static SERVICE_PORT: Struct = Struct {
    go: "ServicePort",
    fields: &[
        f("name", Str),
        f("protocol", Named("v1.Protocol")),
        f("appProtocol", Str),
        f("port", Int32),
        f("targetPort", IntOrString),
        f("nodePort", Int32),
    ],
};

static SESSION: Struct = Struct { go: "SessionAffinityConfig", fields: &[f("clientIP", Object(&CLIENT_IP))] };
static CLIENT_IP: Struct = Struct { go: "ClientIPConfig", fields: &[f("timeoutSeconds", Int32)] };

/// A PodDisruptionBudget's spec.
pub(super) static BUDGET: Struct = Struct {
    go: "PodDisruptionBudgetSpec",
    fields: &[
        f("minAvailable", IntOrString),
        f("selector", SELECTOR),
        f("maxUnavailable", IntOrString),
        f("unhealthyPodEvictionPolicy", Named("v1.UnhealthyPodEvictionPolicyType")),
    ],
};

/// A HorizontalPodAutoscaler's spec.
pub(super) static AUTOSCALER: Struct = Struct {
    go: "v2.HorizontalPodAutoscalerSpec",
    fields: &[
        f("scaleTargetRef", Object(&SCALE_TARGET)),
        f("minReplicas", Int32),
        f("maxReplicas", Int32),
        f("metrics", List(&Object(&METRIC))),
        f("behavior", Object(&BEHAVIOR)),
    ],
};

static SCALE_TARGET: Struct =
    Struct { go: "v2.CrossVersionObjectReference", fields: &[f("kind", Str), f("name", Str), f("apiVersion", Str)] };

static METRIC: Struct = Struct {
    go: "v2.MetricSpec",
    fields: &[
        f("type", Named("v2.MetricSourceType")),
        f("object", Any),
        f("pods", Any),
        f("resource", Object(&RESOURCE_METRIC)),
        f("containerResource", Any),
        f("external", Any),
    ],
};

static RESOURCE_METRIC: Struct =
    Struct { go: "v2.ResourceMetricSource", fields: &[f("name", Named("v1.ResourceName")), f("target", Object(&METRIC_TARGET))] };

static METRIC_TARGET: Struct = Struct {
    go: "v2.MetricTarget",
    fields: &[f("type", Named("v2.MetricTargetType")), f("value", Quantity), f("averageValue", Quantity), f("averageUtilization", Int32)],
};

static BEHAVIOR: Struct =
    Struct { go: "v2.HorizontalPodAutoscalerBehavior", fields: &[f("scaleUp", Object(&SCALING)), f("scaleDown", Object(&SCALING))] };

static SCALING: Struct = Struct {
    go: "v2.HPAScalingRules",
    fields: &[
        f("stabilizationWindowSeconds", Int32),
        f("selectPolicy", Named("v2.ScalingPolicySelect")),
        f("policies", List(&Object(&SCALING_POLICY))),
        f("tolerance", Quantity),
    ],
};

static SCALING_POLICY: Struct = Struct {
    go: "v2.HPAScalingPolicy",
    fields: &[f("type", Named("v2.HPAScalingPolicyType")), f("value", Int32), f("periodSeconds", Int32)],
};

/// A LimitRange's spec.
pub(super) static LIMIT_RANGE: Struct = Struct { go: "LimitRangeSpec", fields: &[f("limits", List(&Object(&LIMIT)))] };

static LIMIT: Struct = Struct {
    go: "LimitRangeItem",
    fields: &[
        f("type", Named("v1.LimitType")),
        f("max", Resources),
        f("min", Resources),
        f("default", Resources),
        f("defaultRequest", Resources),
        f("maxLimitRequestRatio", Resources),
    ],
};

/// A ResourceQuota's spec.
pub(super) static QUOTA: Struct = Struct {
    go: "ResourceQuotaSpec",
    fields: &[f("hard", Resources), f("scopes", List(&Named("v1.ResourceQuotaScope"))), f("scopeSelector", Any)],
};
