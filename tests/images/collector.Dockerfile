# Stands in for OpenTelemetry's collector: takes whatever is sent to its port, and writes a line for it.
ARG ROOT
FROM ${ROOT}
RUN apt-get update \
    && apt-get install -y --no-install-recommends nginx \
    && rm -rf /var/lib/apt/lists/*
COPY tests/images/collector.conf /etc/nginx/nginx.conf
USER 65534:65534
# The arguments are the collector's own.
ENTRYPOINT ["/bin/sh", "-c", "exec nginx"]
