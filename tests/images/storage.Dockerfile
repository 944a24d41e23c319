# Stands in for SeaweedFS: the S3 service of the tests under its name, which checks every signature and what is signed.
# Its `wget`, of which the health check asks one thing, is content with an open port.
ARG ROOT
FROM ${ROOT}
RUN install -d -o 1000 -g 1000 /data \
    && printf '#!/bin/bash\n: </dev/tcp/127.0.0.1/8333\n' >/usr/bin/wget \
    && chmod +x /usr/bin/wget
COPY s3-service /usr/bin/weed
