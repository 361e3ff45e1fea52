//! How long the API server's answer takes: a Deployment of 200 lines, decoded, defaulted and validated.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use podlab::manifest;

const HEAD: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels:
    app: shop
spec:
  replicas: 3
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      volumes:
      - name: config
        configMap:
          name: shop
      containers:
";

/// Thirty lines of a container.
fn container(n: usize) -> String {
    format!(
        "      - name: app-{n}
        image: registry.example/shop/app-{n}:1.25
        command:
        - /bin/sh
        - -c
        - |
          trap 'exit 0' TERM
          while true; do sleep 1; done
        ports:
        - name: http-{n}
          containerPort: {port}
        env:
        - name: PORT
          value: \"{port}\"
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            memory: 256Mi
        livenessProbe:
          httpGet:
            path: /live
            port: http-{n}
          periodSeconds: 10
          timeoutSeconds: 2
          failureThreshold: 5
        volumeMounts:
        - name: config
          mountPath: /etc/shop
",
        port = 8000 + n
    )
}

fn manifests(criterion: &mut Criterion) {
    let text: String = std::iter::once(HEAD.to_owned()).chain((0..6).map(container)).collect();
    let mut group = criterion.benchmark_group("manifest");
    group.throughput(Throughput::Elements(text.lines().count() as u64));
    group.bench_function("answer to a Deployment of 200 lines", |b| b.iter(|| manifest::answers(black_box(&text))));
    group.bench_function("read for the editor", |b| b.iter(|| manifest::read(black_box(&text))));
    group.finish();
}

criterion_group!(benches, manifests);
criterion_main!(benches);
