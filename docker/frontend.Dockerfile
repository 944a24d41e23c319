# The page, compressed once with brotli, and the nginx that hands it out on port 8080.
#
#   docker build -f docker/frontend.Dockerfile -t photobooth-frontend .
#
# Base images as in backend.Dockerfile.
ARG RUST_IMAGE=docker.io/library/rust:1.95.0-slim-bookworm
ARG DEBIAN_IMAGE=docker.io/library/debian:trixie-slim

# --- the page, as `cargo xtask frontend` builds it everywhere: it knows the tools and their versions
FROM ${RUST_IMAGE} AS page
ENV RUSTUP_TOOLCHAIN=1.95.0 \
    PHOTOBOOTH_CACHE_DIR=/cache
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates g++ make npm python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /booth
COPY . .
# The tools take minutes to compile; the cache keeps them from build to build.
RUN --mount=type=cache,target=/cache cargo xtask frontend

# --- the server
FROM ${DEBIAN_IMAGE} AS frontend
# lua: nginx by itself cannot read the environment.
RUN apt-get update \
    && apt-get install -y --no-install-recommends nginx libnginx-mod-http-brotli-static libnginx-mod-http-lua \
    && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/debconf/*-old
COPY docker/nginx/nginx.conf docker/nginx/environment.lua /etc/nginx/
COPY --from=page /booth/frontend/dist /usr/share/photobooth
COPY NOTICE LICENSE-APACHE LICENSE-MIT /usr/share/doc/photobooth/
USER 10001:10001
EXPOSE 8080
# Finishes what is being sent; SIGTERM would cut it off.
STOPSIGNAL SIGQUIT
# Nothing in the image speaks HTTP but nginx itself, so bash does.
HEALTHCHECK --interval=10s --timeout=5s CMD ["/bin/bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3; grep -q '^HTTP/1.1 200' <&3"]
ENTRYPOINT ["/usr/sbin/nginx"]
