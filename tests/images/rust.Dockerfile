# Stands in for the image of the Rust toolchain: a Debian with a C compiler, and the host's toolchain, which lies in /host
# while this is built. Cargo is told to fetch from where the host does.
ARG ROOT
FROM ${ROOT}
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
# Named here, so that another one is another layer.
ARG TOOLCHAIN
RUN echo "${TOOLCHAIN}" \
    && mkdir --parents /opt/rust /usr/local/cargo \
    && cp --recursive /host/rust/bin /host/rust/lib /opt/rust \
    && if [ -f /host/cargo.toml ]; then cp /host/cargo.toml /usr/local/cargo/config.toml; fi
ENV CARGO_HOME=/usr/local/cargo \
    PATH=/opt/rust/bin:/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
