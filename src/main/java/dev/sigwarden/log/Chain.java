package dev.sigwarden.log;

/// What was submitted to a log of certificates with an entry, and the certificates above it: the
/// log's own word, for people and their tools, since no tree proves it.
///
/// @param pem certificates in PEM (RFC 7468), the submitted one first and each issuer behind what
///   it issued; empty if none was had
/// @param missing what is not in it and why, in words; empty if it is whole
public record Chain(String pem, String missing) {}
