package dev.sigwarden.store;

import dev.sigwarden.merkle.TreeHead;
import java.time.Instant;

/// A head that the log signed, that was believed, with the note it came in.
///
/// @param head size and root
/// @param note the signed note as received, as text (a note is UTF-8)
/// @param seen when Sigwarden first saw a note for this head
public record SeenHead(TreeHead head, String note, Instant seen) {}
