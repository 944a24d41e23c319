# Stands in for PostgreSQL's image: the same environment, the same user name, the same folder.
ARG ROOT
FROM ${ROOT}
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql \
    && rm -rf /var/lib/apt/lists/* \
    && ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/ \
    && install -d -m 700 -o postgres -g postgres /var/lib/postgresql/data
COPY tests/images/postgres.sh /usr/local/bin/start
ENTRYPOINT ["/bin/sh", "/usr/local/bin/start"]
