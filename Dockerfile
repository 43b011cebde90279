# A small image with alertform and the authorities that the platform trusts: `docker build --tag alertform .`
FROM rust:1.90-slim-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src src
RUN cargo build --release --locked

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/target/release/alertform /usr/local/bin/alertform
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["alertform"]
