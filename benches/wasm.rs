//! How fast the engine is in WebAssembly: ten minutes of three containers, under Node.
//! `CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner cargo bench --bench wasm --target wasm32-unknown-unknown --no-default-features`

#[cfg(target_arch = "wasm32")]
mod node {
    use podlab::time::SimDuration;
    use podlab::{manifest, sim};
    use wasm_bindgen_test::{Criterion, wasm_bindgen_bench};

    #[wasm_bindgen_bench]
    fn ten_minutes(c: &mut Criterion) {
        for (name, text) in [("three containers", include_str!("three-containers.yaml")), ("busy", include_str!("busy.yaml"))] {
            let manifest = manifest::read(text);
            let mut input = sim::Input { objects: manifest.admitted(), ..sim::Input::default() };
            input.scenario.duration = SimDuration::from_secs(600);
            c.bench_function(name, |b| b.iter(|| sim::simulate(&input)));
        }
    }
}
