package dev.sigwarden.watch;

import dev.sigwarden.entry.Signer;
import java.util.Optional;

/// A watch that selected a signing event.
///
/// @param watch the watch
/// @param selector which of its selectors, in the operator's words
/// @param signer the first signer that the selector selected; empty for selectors on raw text
public record Hit(Watch watch, String selector, Optional<Signer> signer) {}
