/// Sigstore Rekor v1: a REST API over one tree for each shard. A section of the configuration
/// stands for all shards of an instance.
///
/// An entry has two indexes: in its shard, which Sigwarden uses everywhere, and over all shards of
/// the instance, which the API wants. Only `RekorClient` turns one into the other.
///
/// The API is `openapi.yaml` of github.com/sigstore/rekor; comments name its paths.
@NullMarked
package dev.sigwarden.log.rekor;

import org.jspecify.annotations.NullMarked;
