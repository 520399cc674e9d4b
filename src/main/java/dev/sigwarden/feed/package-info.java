/// Kafka beside the channel: every observation to a topic, and allowlists from compacted topics.
/// Each has its place in the database, moved in one transaction with what it stands for (`store`),
/// and runs in one process at a time (`replica`).
@NullMarked
package dev.sigwarden.feed;

import org.jspecify.annotations.NullMarked;
