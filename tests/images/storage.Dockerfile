# Stands in for SeaweedFS: the S3 service of the tests under its name. It checks every signature.
ARG ROOT
FROM ${ROOT}
RUN apt-get update \
    && apt-get install -y --no-install-recommends wget \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 1000 -g 1000 /data
COPY s3-service /usr/bin/weed
