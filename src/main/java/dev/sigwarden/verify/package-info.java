/// May this head be believed, and these leaves: sealed verdicts with the evidence beside them. Pure
/// computation on what `log` fetched; never throws for anything that a log can send.
@NullMarked
package dev.sigwarden.verify;

import org.jspecify.annotations.NullMarked;
