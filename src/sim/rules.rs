//! Every rule, for the model page and for the test that each is reached.

use crate::trace::Rule;

/// All rules, by id.
pub fn all() -> Vec<&'static Rule> {
    let mut all = [
        super::apiserver::rules(),
        super::controllers::endpointslice::rules(),
        super::engine::rules(),
        super::kubelet::rules(),
        super::runtime::rules(),
        super::scheduler::rules(),
    ]
    .concat();
    all.sort();
    all
}
