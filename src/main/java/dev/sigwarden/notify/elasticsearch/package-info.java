/// Alerts as documents in Elasticsearch, in the Elastic Common Schema. Imports `alert`, `notify`
/// and `settings` only.
@NullMarked
package dev.sigwarden.notify.elasticsearch;

import org.jspecify.annotations.NullMarked;
