package dev.sigwarden.store;

/// One history that a log has shown: branch 0 is the proven one; others are followed since the log
/// contradicted it.
///
/// @param branch 0 for the proven history, `>= 1` for branches in the order they appeared
/// @param head the newest head of this history, proven consistent with every earlier one of it
/// @param position how far its entries were judged; `position.head().size() <= head.head().size()`
public record View(int branch, SeenHead head, Position position) {}
